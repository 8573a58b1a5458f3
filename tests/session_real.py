"""Systems of several processes as Debian ships them, each with a job: for tests/session_real.test.

A job is a shell script that starts the servers, puts a load on them and stops them: all of that is one tree of processes,
and one session. It prints what a person would compare, which is the same on every run. In it $FOLDER is an empty folder,
$PORT and $PORT2 are free ports, $SECONDS_OF_LOAD says how long a load without a count of its own lasts.
"""
import glob
import os
import shutil

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
POSTGRES = max(glob.glob("/usr/lib/postgresql/*/bin"), default="/usr/lib/postgresql/15/bin",
               key=lambda path: int(path.split("/")[4]) if path.split("/")[4].isdigit() else 0)
MODULES = "/usr/lib/apache2/modules"

PROLOGUE = r"""
set -u
ulimit -c 0
cd "$FOLDER" || exit 1
await() { # until the command succeeds
    local i
    for i in $(seq 1200); do "$@" >/dev/null 2>&1 && return; sleep 0.05; done
    echo "waited in vain: $*"
}
load() { # requests at once, and what became of them
    ab -q -r -n "$2" -c "$1" "$3" >ab.out 2>&1; local status=$?
    echo "ab $status: $(grep -E '^(Complete|Failed|Non-2xx)' ab.out | tr -s ' ' | tr '\n' ' ')"
}
"""

# ---- nginx: four zones in shared memory, a cache, a reload ----

NGINX = r"""
mkdir www t; head -c 300000 /dev/zero | tr '\0' x >www/big; echo hello >www/small
cat >nginx.conf <<END
daemon off; worker_processes 3; pid $FOLDER/pid; error_log $FOLDER/error.log notice;
events { worker_connections 64; accept_mutex on; accept_mutex_delay 5ms; }
http {
    log_format short '\$status \$request_uri'; access_log $FOLDER/access.log short; default_type text/plain; client_body_temp_path $FOLDER/t/1; proxy_temp_path $FOLDER/t/2;
    fastcgi_temp_path $FOLDER/t/3; uwsgi_temp_path $FOLDER/t/4; scgi_temp_path $FOLDER/t/5;
    limit_req_zone \$server_port zone=once:1m rate=1r/m;
    limit_req_zone \$binary_remote_addr\$uri zone=requests:1m rate=100000r/s;
    limit_conn_zone \$binary_remote_addr zone=connections:1m;
    proxy_cache_path $FOLDER/t/cache levels=1 keys_zone=cache:1m max_size=200k inactive=1s;
    upstream back { zone back 128k; least_conn; server 127.0.0.1:$PORT2 max_conns=40; server 127.0.0.1:$PORT2 backup; }
    server { listen 127.0.0.1:$PORT2; root $FOLDER/www; }
    server {
        listen 127.0.0.1:$PORT; root $FOLDER/www; limit_conn connections 50;
        location /limited { limit_req zone=requests burst=1000 nodelay; try_files /small =404; }
        location /once { limit_req zone=once; try_files /small =404; }
        location /cached/ { proxy_cache cache; proxy_cache_valid 1s; proxy_cache_lock on; proxy_pass http://back/; }
        location /proxied/ { proxy_pass http://back/; }
        location /status { stub_status; }
    }
}
END
nginx -c "$FOLDER/nginx.conf" -e "$FOLDER/error.log" & server=$!
at=http://127.0.0.1:$PORT
await curl -sf $at/small
load 8 400 $at/small
load 8 400 $at/limited
load 8 300 "$at/cached/small"
load 4 60 "$at/proxied/big"
load 6 100 $at/once | sed 's/ Failed [a-z:]* [0-9]*//' # answers as long as the first one, whichever that is
curl -s $at/cached/big | sha256sum
kill -HUP $server; await sh -c 'test $(grep -c "exited with code 0" error.log) -ge 3'
for i in $(seq 20); do curl -s "$at/cached/big?$i" "$at/cached/nothing"; done | sha256sum
load 8 300 "$at/cached/small"
counted() { curl -s $at/status | sed -n '3s/^ *\([0-9]*\) \([0-9]*\) .*/\1 \2/p'; }
set -- $(counted); [ "$1" = "$2" ] && [ "$1" -gt 1500 ] && echo "accepted what was handled"
kill -QUIT $server; wait $server; echo "nginx $?"
sed 's/?.*//' access.log | grep -vE '^200 /(small|status)' | sort | uniq -c
grep -E '\[(warn|error|crit|alert|emerg)\]' error.log | grep -v 'limiting requests\|No such file\|long locked inactive' # the last: slower than a second
exit 0
"""

# ---- PostgreSQL: backends, parallel workers, autovacuum, the dynamic segments, spin locks and lightweight locks ----

POSTGRESQL = r"""
export PATH=@POSTGRES@:$PATH PGHOST=$FOLDER PGUSER=me PGDATABASE=postgres PGOPTIONS='-c client_min_messages=warning'
initdb -D data -A trust -U me --no-instructions -N >initdb.out; echo "initdb $? $(grep -c ok$ initdb.out)"
cat >>data/postgresql.conf <<END
listen_addresses = ''
unix_socket_directories = '$FOLDER'
shared_buffers = 16MB
max_connections = 20
fsync = off
max_wal_size = 64MB
min_parallel_table_scan_size = 0
parallel_setup_cost = 0
parallel_tuple_cost = 0
autovacuum_naptime = 1s
logging_collector = on
END
pg_ctl -s -D data -l start.log -t 300 -w start; echo "start $?"
pgbench -i -q -s 1 >init.out 2>&1; echo "pgbench -i $?"
pgbench -n -c 6 -j 2 -T "$SECONDS_OF_LOAD" >bench.out 2>bench.err; echo "pgbench $?"; cat bench.err
grep 'failed transactions' bench.out
done=$(sed -n 's/.*actually processed: \([0-9]*\).*/\1/p' bench.out)
[ "$(psql -Atc 'select count(*) from pgbench_history')" = "$done" ] && echo "all that was processed is there"
psql -At <<END | sed 's/with PID .*/with a PID/'
select sum(a) = sum(b) and sum(b) = sum(c) and sum(c) = sum(d) from (
    select sum(abalance) a, 0 b, 0 c, 0 d from pgbench_accounts union all select 0, sum(tbalance), 0, 0 from pgbench_tellers
    union all select 0, 0, sum(bbalance), 0 from pgbench_branches union all select 0, 0, 0, sum(delta) from pgbench_history) t;
set max_parallel_workers_per_gather = 3; set force_parallel_mode = on;
explain (costs off) select count(*) from pgbench_accounts a join pgbench_accounts b using (aid) where a.bid = b.bid;
select count(*) from pgbench_accounts a join pgbench_accounts b using (aid) where a.bid = b.bid;
create index concurrently more on pgbench_accounts (bid, aid);
vacuum (parallel 2) pgbench_accounts;
listen here; notify here, 'told'; select pg_advisory_lock(7), pg_advisory_unlock(7);
END
psql -Atc "select pg_sleep(100)" >cancelled.out 2>&1 & sleeper=$!
await sh -c "psql -Atc \"select pg_cancel_backend(pid) from pg_stat_activity where query like '%sleep(1%' and pid <> pg_backend_pid()\" | grep -q t"
wait $sleeper; echo "cancelled $?: $(cat cancelled.out)"
pg_ctl -s -D data -m fast -t 300 -w stop; echo "stop $?"
cat start.log data/log/* |
    grep -E 'PANIC|FATAL|ERROR|WARNING|terminated by|corrupt|stuck' | sed 's/^.*\] //' | sort -u |
    grep -v 'could not map dynamic shared memory segment\|due to administrator command\|canceling autovacuum'
ls data/pg_dynshmem data/postmaster.pid 2>&1 | grep -v dynshmem: | wc -l
"""

# ---- Apache httpd, prefork: the scoreboard, shared slots of a balancer, a digest's counter, an accept mutex ----

APACHE = r"""
mkdir www logs; head -c 200000 /dev/zero | tr '\0' x >www/big; echo hello >www/small
{ for module in mpm_prefork authn_core authn_file authz_core authz_user auth_digest status slotmem_shm proxy proxy_http \
    proxy_balancer lbmethod_byrequests lbmethod_bybusyness socache_shmcb; do
    echo "LoadModule ${module}_module @MODULES@/mod_$module.so"
done
cat <<END
ServerRoot $FOLDER
ServerName localhost
PidFile $FOLDER/pid
DefaultRuntimeDir $FOLDER
DocumentRoot $FOLDER/www
ErrorLog $FOLDER/logs/error
LogLevel notice
Listen 127.0.0.1:$PORT
Listen 127.0.0.1:$PORT2
StartServers 5
MinSpareServers 4
MaxSpareServers 8
MaxRequestWorkers 24
MaxConnectionsPerChild 150
KeepAliveTimeout 1
ExtendedStatus On
<Location /status>
SetHandler server-status
</Location>
<Proxy balancer://back>
BalancerMember http://127.0.0.1:$PORT2 route=one
BalancerMember http://localhost:$PORT2 route=two
</Proxy>
ProxyPass /back/ balancer://back/
<Location /private>
AuthType Digest
AuthName realm
AuthDigestProvider file
AuthUserFile $FOLDER/users
Require valid-user
</Location>
END
} >httpd.conf
printf 'me:realm:%s\n' "$(printf me:realm:word | md5sum | cut -d' ' -f1)" >users
mkdir www/private; echo secret >www/private/page
setsid apache2 -DFOREGROUND -f "$FOLDER/httpd.conf" & server=$! # it ends its whole process group
at=http://127.0.0.1:$PORT
await curl -sf $at/small
load 6 400 $at/small
load 6 150 "$at/back/small"
load 3 60 "http://127.0.0.1:$PORT2/big"
for i in $(seq 8); do curl -s --digest -u me:word $at/private/page; done | sha256sum
curl -s -o nothing -w '%{http_code}\n' $at/private/page
kill -USR1 $server; await sh -c 'test "$(grep -c "resuming normal" logs/error)" = 2'
load 6 200 $at/small
load 4 60 "$at/back/big"
curl -s "$at/status?auto" | sed -n 's/^Scoreboard: .*[W].*/somebody writes/p'
kill -TERM $server; wait $server; echo "apache2 $?"
grep -vE 'resuming normal|Command line|Graceful restart|caught SIGTERM|AH00094|AH00171|AH00163|AH00169|AH00493|AH00161' logs/error
ls pid 2>&1
exit 0
"""

# ---- make: many short processes, a jobserver, output that is kept apart by file locks ----

MAKE = r"""
mkdir -p src out
for i in $(seq 24); do
    printf '#include <stdio.h>\n#include <stdlib.h>\n#include "all.h"\nlong part%d(long x)\n{\n' "$i"
    printf '\tchar text[40];\n\tsnprintf(text, sizeof(text), "%%ld", x * %d);\n\treturn atol(text) + %d;\n}\n' "$i" "$i"
done | awk '/^#include <stdio/ { n++ } { print > ("src/part" n ".c") }'
{ for i in $(seq 24); do echo "long part$i(long);"; done; } >src/all.h
{ echo '#include <stdio.h>'; echo '#include "all.h"'; echo 'int main(void) { long sum = 0;'
  for i in $(seq 24); do echo "sum += part$i(sum + $i);"; done; echo 'return printf("%ld\n", sum) < 0; }'; } >src/main.c
cat >Makefile <<'END'
PARTS := $(patsubst src/%.c,out/%.o,$(wildcard src/*.c))
all: sub
	@./out/program
out/%.o: src/%.c src/all.h
	@gcc -O1 -c -o $@ $<
	@echo made $@
out/library.a: $(filter-out out/main.o,$(PARTS))
	@rm -f $@; ar rcsD $@ $(sort $^)
out/program: out/main.o out/library.a
	@gcc -o $@ $^
sub: out/program ; @$(MAKE) --no-print-directory -f Makefile count
count: $(PARTS) ; @ls $^ | wc -l
failing: ; @exit 3
END
make -j4 -Oline all >made.out 2>made.err; echo "make $?"
sort made.out; cat made.err
sha256sum out/library.a out/program
make -j4 -s failing; echo "make failing $?"
make -j4 -q all; echo "make -q $?"
"""

# ---- Python: multiprocessing with everything that it shares ----

PYTHON = r"""
cat >job.py <<'END'
import hashlib, multiprocessing as mp, os, signal, struct, sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import shared_memory, resource_tracker
from multiprocessing.managers import SharedMemoryManager

def add(name, lock, times, where):
    memory = shared_memory.SharedMemory(name)
    for _ in range(times):
        with lock:
            value, = struct.unpack_from("q", memory.buf, 0)
            struct.pack_into("q", memory.buf, 0, value + 1)
    for i in range(1000):
        memory.buf[64 + where * 1000 + i] = (where * 7 + i) % 251
    memory.close()

def square(x):
    return x * x

def produce(queue, count):
    for i in range(count):
        queue.put(("item", i, "x" * (i % 50)))
    queue.put(None)

def meet(barrier, value, event, condition, ready):
    barrier.wait()
    with value.get_lock():
        value.value += 1
    event.wait()
    with condition:
        ready.value += 1
        condition.notify_all()

def pair(link):
    while (text := link.recv()) != "end":
        link.send(text.upper())
    link.close()

def settle(shared, names, number):
    names.append(number)
    shared[number] = number * number

def work(context):
    print(context.get_start_method())
    lock = context.Lock()
    memory = shared_memory.SharedMemory(create=True, size=8192)
    children = [context.Process(target=add, args=(memory.name, lock, 200, i)) for i in range(3)]
    for child in children: child.start()
    for child in children: child.join()
    print(struct.unpack_from("q", memory.buf, 0)[0], [child.exitcode for child in children],
          hashlib.sha256(memory.buf[64:64 + 3000]).hexdigest())
    memory.close(); memory.unlink()
    with context.Pool(3) as pool:
        print(sum(pool.imap_unordered(square, range(300), 7)), pool.map(square, range(10)))
        pool.close(); pool.join()
    queue = context.Queue()
    child = context.Process(target=produce, args=(queue, 200))
    child.start()
    got = 0
    while queue.get() is not None: got += 1
    child.join()
    print("queue", got, child.exitcode)
    barrier, value, event = context.Barrier(3), context.Value("i", 0), context.Event()
    condition, ready = context.Condition(), context.Value("i", 0)
    children = [context.Process(target=meet, args=(barrier, value, event, condition, ready)) for _ in range(3)]
    for child in children: child.start()
    event.set()
    with condition: condition.wait_for(lambda: ready.value == 3)
    for child in children: child.join()
    print("met", value.value, ready.value)
    here, there = context.Pipe()
    child = context.Process(target=pair, args=(there,))
    child.start(); there.close()
    for word in ("one", "two", "end"):
        here.send(word)
        if word != "end": print(here.recv())
    child.join()
    with context.Manager() as manager:
        shared, names = manager.dict(), manager.list()
        children = [context.Process(target=settle, args=(shared, names, i)) for i in range(4)]
        for child in children: child.start()
        for child in children: child.join()
        print(sorted(names), sorted(shared.items()))
    child = context.Process(target=signal.pause)
    child.start(); child.terminate(); child.join()
    print("terminated", child.exitcode)

if __name__ == "__main__":
    for method in ("fork", "spawn", "forkserver"):
        work(mp.get_context(method))
    with ProcessPoolExecutor(2) as executor:
        print(list(executor.map(square, range(5))))
    with SharedMemoryManager() as manager:
        words = manager.ShareableList(["a", 2.5, 7])
        print(list(words))
    numbers = mp.RawArray("i", 1000)
    if not os.fork():
        numbers[:] = range(1000)
        os._exit(5)
    print(os.waitstatus_to_exitcode(os.wait()[1]), sum(numbers))
END
/usr/bin/python3 job.py; echo "python3 $?"
"""


class System:
    """known: functions of findings that were examined and are races of the program's own; see docs/real-programs.md. A
    finding is known if one of its stacks has one of them. unlocked: where it shares memory it has so many that it lives with
    that none is told from others here."""

    def __init__(self, name, script, needed, known=(), unlocked=False):
        self.name, self.needed, self.known, self.unlocked = name, needed, set(known), unlocked
        self.script = PROLOGUE + script.replace("@POSTGRES@", POSTGRES).replace("@MODULES@", MODULES)

    def missing(self):
        return [program for program in self.needed if not shutil.which(program, path=PATH)]


# What writes and reads Apache's scoreboard, each slot by its owner, and by anybody else without a lock.
SCOREBOARD = {"ap_update_child_status", "ap_update_child_status_from_indexes", "ap_increment_counts", "ap_time_process_request",
              "ap_copy_scoreboard_worker", "ap_find_child_by_pid", "ap_mpm_pod_killpg", "ap_get_scoreboard_process"}

SYSTEMS = [
    System("nginx", NGINX, ["nginx", "curl", "ab"]),
    System("PostgreSQL", POSTGRESQL, [POSTGRES + "/postgres", POSTGRES + "/pgbench"], unlocked=True),
    System("Apache httpd", APACHE, ["apache2", "curl", "ab"], SCOREBOARD),
    System("make -j4", MAKE, ["make", "gcc"]),
    System("Python multiprocessing", PYTHON, ["/usr/bin/python3"],
           {"_PyRuntimeState_Fini", "Py_FinalizeEx"}),
]
