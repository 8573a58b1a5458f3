"""Flags, numbers and states: a payload at one place, handed over again and again; or once; or piece by piece."""
from primitive import GET_ALL, PUT_ALL, Primitive


class Sequence(Primitive):
    """What was handed over has a number, and so has what was taken."""
    fields = """
    _Atomic @integer sequence;
    @pad(between)
    _Atomic @integer taken;
    """
    functions = """
    @function(void, put, int i)
    {
    @spin(@either(@load(o->taken) != (@integer)(i - 1), @load(o->taken) < (@integer)(i - 1)))
    @fill(o->data, i)  //- late
    @store(o->sequence, i)
    @fill(o->data, i)  //+ late
    }

    @function(void, get, int i)
    {
    @check(o->data, i)  //+ early
    @spin(@either(@load(o->sequence) != (@integer)i, @load(o->sequence) < (@integer)i))
    @check(o->data, i)  //- early, let_go
    @store(o->taken, i)
    @check(o->data, i)  //+ let_go
    }
    """
    bodies = (PUT_ALL, GET_ALL)


class State(Primitive):
    """A word with a state; who finds it in its own goes on."""
    variants = ("store", "replace", "serve")
    fields = "_Atomic @small state;"
    functions = """
    @function(void, put, int i)
    {
    @spin(@load(o->state) != 0)  //= store, replace
    for (;;) {  //= serve
    switch (@load(o->state)) {  //= serve
    case 0:  //= serve
    @fill(o->data, i)  //- late
    @store(o->state, 1)  //= store, serve
    @small expected = 0;  //= replace
    if (!@replace(o->state, expected, 1))  //= replace
    wrong("state");  //= replace
    @fill(o->data, i)  //+ late
    return;  //= serve
    case 1:  //= serve
    @pause  //= serve
    break;  //= serve
    default:  //= serve
    sched_yield();  //= serve
    }  //= serve
    }  //= serve
    }

    @function(void, get, int i)
    {
    @check(o->data, i)  //+ early
    @spin(@load(o->state) != 1)
    @store(o->state, 2)  //= serve
    @check(o->data, i)  //- early, let_go
    @store(o->state, 0)  //= store, serve
    @small expected = 1;  //= replace
    if (!@replace(o->state, expected, 0))  //= replace
    wrong("state");  //= replace
    @check(o->data, i)  //+ let_go
    }
    """
    bodies = (PUT_ALL, GET_ALL)


class Parity(Primitive):
    """A counter: even, it is the producer's turn, odd, the consumer's."""
    fields = "_Atomic unsigned long turn;"
    bodies = ("""
    for (int i = 1; i <= @rounds; i++) {
    unsigned long turn;
    @spin((turn = @load(o->turn)) & 1)
    @fill(o->data, i)  //- late
    (void)@add(o->turn, 1, release);
    @fill(o->data, i)  //+ late
    }
    """, """
    for (int i = 1; i <= @rounds; i++) {
    unsigned long turn;
    @check(o->data, i)  //+ early
    @spin(!((turn = @load(o->turn)) & 1))
    @check(o->data, i)  //- early, let_go
    (void)@add(o->turn, 1, release);
    @check(o->data, i)  //+ let_go
    }
    """)


class WorkFlag(Primitive):
    """A thread that looks in turn whether it shall end, and whether there is work."""
    variants = ("nested", "turns")
    fields = """
    _Atomic bool work;
    _Atomic bool quit;
    _Atomic int done;
    """
    bodies = ("""
    for (int i = 1; i <= @rounds; i++) {
    @fill(o->data, i)  //- late
    @store(o->work, true)
    @fill(o->data, i)  //+ late
    @spin(@load(o->done) != i)
    }
    @store(o->quit, true)
    """, """
    for (int i = 1;; i++) {
    @check(o->data, i)  //+ early
    while (!@load(o->work)) {  //= nested
    if (@load(o->quit))  //= nested
    return NULL;  //= nested
    @pause  //= nested
    }  //= nested
    if (@load(o->quit))  //= turns
    break;  //= turns
    if (!@load(o->work)) {  //= turns
    i--;  //= turns
    @pause  //= turns
    continue;  //= turns
    }  //= turns
    @check(o->data, i)  //- early, let_go
    @store(o->work, false, relaxed)
    @store(o->done, i)
    @check(o->data, i)  //+ let_go
    }
    """)


class Shutdown(Primitive):
    """A thread that works until it is told to stop."""
    fields = """
    _Atomic bool stop;
    _Atomic int started;
    """
    bodies = ("""
    @spin(!@load(o->started))
    usleep(300);
    @fill(o->data, @base)  //- late
    @store(o->stop, true)
    @fill(o->data, @base)  //+ late
    """, """
    unsigned long sum = 0;
    @store(o->started, 1)
    @check(o->data, @base)  //+ early
    while (!@load(o->stop)) {
    sum += (sum >> 3) + 1;
    @pause
    }
    @check(o->data, @base)  //- early
    """)


class Progress(Primitive):
    """How far an array is filled."""
    fields = """
    _Atomic @either(int, long) position;
    @payload log[4 * @rounds];
    """
    bodies = ("""
    for (int i = 0; i < 4 * @rounds; i++) {
    o->log[i] = (@payload)i;
    if (i % 16 == 15)
    @store(o->position, i + 1)
    if (i % 64 == 63) {
    @perhaps_rest
    }
    }
    @store(o->position, 4 * @rounds)
    for (int i = 0; i < 4 * @rounds; i++)  //+ late
    o->log[i] = (@payload)i;  //+ late
    """, """
    long at = 0;
    if (o->log[0])  //+ early
    wrong("progress");  //+ early
    while (at < 4 * @rounds) {
    long end;
    @spin((end = @load(o->position)) == at)
    for (; at < end; at++)
    if (o->log[at] != (@payload)at)
    wrong("progress");
    }
    """)


class Tail(Primitive):
    """A log that is appended to; whoever reads it looks how long it is."""
    variants = ("spin", "pause")
    fields = """
    @payload log[@rounds][@words];
    _Atomic @either(int, size_t, unsigned) count;
    """
    bodies = ("""
    for (int i = 0; i < @rounds; i++) {
    @fill(o->log[i], i)  //- late
    @store(o->count, i + 1)
    @perhaps_rest
    @fill(o->log[i], i)  //+ late
    }
    """, """
    int seen = 0;
    @check(o->log[0], 0)  //+ early
    while (seen < @rounds) {
    int now = (int)@load(o->count);
    if (now == seen) {  //= pause
    @pause  //= pause
    continue;  //= pause
    }  //= pause
    for (; seen < now; seen++)
    @check(o->log[seen], seen)
    }
    """)


class Pipeline(Primitive):
    """Three threads: each waits for the one before, the first for the last."""
    fields = """
    _Atomic @integer given;
    @pad(between)
    _Atomic @integer changed;
    _Atomic @integer taken;
    """
    bodies = ("""
    for (int i = 1; i <= @rounds; i++) {
    @spin(@load(o->taken) != (@integer)(i - 1))
    @fill(o->data, i)
    @store(o->given, i)
    }
    """, """
    for (int i = 1; i <= @rounds; i++) {
    @spin(@load(o->given) != (@integer)i)
    @fill(o->data, i + 1)  //- late
    @store(o->changed, i)
    @fill(o->data, i + 1)  //+ late
    }
    """, """
    for (int i = 1; i <= @rounds; i++) {
    @check(o->data, i + 1)  //+ early
    @spin(@load(o->changed) != (@integer)i)
    @check(o->data, i + 1)  //- early, let_go
    @store(o->taken, i)
    @check(o->data, i + 1)  //+ let_go
    }
    """)


class Promise(Primitive):
    """Whoever comes second, with the value or to wait for it, does what is to be done: it finds the other one's mark."""
    meets = True
    fields = """
    _Atomic @small marks[@rounds];
    @payload values[@rounds][@words];
    @payload continuations[@rounds][@words];
    """
    functions = """
    @function(void, finish, int i)
    {
    @check(o->values[i], i)
    @check(o->continuations[i], i)
    }
    """
    bodies = ("""
    for (int i = 0; i < @rounds; i++) {
    @small none = 0;
    if (i % 16 == 8) {
    @linger
    }
    @fill(o->values[i], i)  //- late
    @check(o->continuations[i], i)  //+ early
    if (!@replace(o->marks[i], none, 1, release)) {
    atomic_thread_fence(memory_order_acquire);
    @call(finish, i);
    }
    @fill(o->values[i], i)  //+ late
    }
    """, """
    for (int i = 0; i < @rounds; i++) {
    @small none = 0;
    if (i % 16 == 0) {
    @linger
    }
    @fill(o->continuations[i], i)
    if (@load(o->marks[i]) == 1 || !@replace(o->marks[i], none, 2)) {
    @call(finish, i);
    }
    @check(o->values[i], i)  //+ early
    }
    """)


class Combining(Primitive):
    """Each leaves its request in a slot; who has the lock does what all ask for."""
    fields = """
    _Atomic @small asked[2];
    @payload requests[2][@words];
    @payload answers[2][@words];
    @pad(between)
    _Atomic int lock;
    long served;
    """
    functions = """
    @function(void, serve)
    {
    for (int s = 0; s < 2; s++) {
    if (!@load(o->asked[s]))
    continue;
    for (int k = 0; k < @words; k++)
    o->answers[s][k] = (@payload)(o->requests[s][k] + 1);
    o->served++;
    @store(o->asked[s], 0)
    }
    }

    @function(void, ask, int me, int i)
    {
    o->served++;  //+ early
    @fill(o->requests[me], i)
    @store(o->asked[me], 1)
    while (@load(o->asked[me])) {
    if (@load(o->lock, relaxed) || @exchange(o->lock, 1)) {
    @pause
    continue;
    }
    @call(serve);
    @store(o->lock, 0)
    }
    @check(o->answers[me], i + 1)
    o->served++;  //+ late
    }
    """
    bodies = ("for (int i = 1; i <= @rounds; i++)\n@call(ask, 0, i);",
              "for (int i = 1; i <= @rounds; i++)\n@call(ask, 1, i);")
    after = "if (o->served != 2 * @rounds)\nwrong(\"combining\");"


ALL = (Sequence, State, Parity, Pipeline, Promise, Combining, WorkFlag, Shutdown, Progress, Tail)
