# racetrack. `make` builds; `make demo` and `make check` set up a fresh Debian 12 machine first. See README.md.

ifeq ($(origin CC),default)
CC	   := gcc
endif
WARNINGS   := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
COMMON	   := -std=gnu11 -D_GNU_SOURCE -O2 -g -I. -Iinclude $(WARNINGS)
# What runs inside the program under test: no builtins that become calls of wrapped functions, every symbol hidden that
# is not exported on purpose, thread variables at fixed offsets, frames that unwind.
INSIDE	   := -fPIC -ffunction-sections -fvisibility=hidden -ftls-model=initial-exec -fno-builtin -fno-stack-protector -mcx16 \
	      -fno-omit-frame-pointer -U_FORTIFY_SOURCE
IS_GCC	   := $(shell $(CC) --version 2>/dev/null | grep -q 'Free Software' && echo yes)
ifeq ($(IS_GCC),yes)
INSIDE	   += -fno-tree-loop-distribute-patterns -mmemset-strategy=rep_8byte:-1:noalign \
	      -mmemcpy-strategy=rep_8byte:-1:noalign
endif

# No vector registers, where checks of rewritten code come by: see shadow/vectors.h.
GENERAL	   := $(filter-out atomic clock floor infer message sync,$(basename $(notdir $(wildcard shadow/*.c)))) stack cfi eh_frame frame_rule slow spread
GENERAL_FLAG = $(if $(filter $(GENERAL),$(basename $(notdir $@))),-mgeneral-regs-only)

B	   := build
SHADOW	   := $(patsubst %.c,$(B)/%.o,$(wildcard shadow/*.c))
DWARF	   := $(patsubst %.c,$(B)/%.o,$(wildcard dwarf/*.c))
INTERPOSE  := $(patsubst %.c,$(B)/%.o,$(wildcard interpose/*.c))
HOOKS	   := $(patsubst %.c,$(B)/%.o,$(wildcard hooks/*.c))
REWRITE	   := $(patsubst %,$(B)/%.o,$(basename $(wildcard rewrite/*.c rewrite/*.S)))
TRACKERS   := $(patsubst %.c,$(B)/%.o,$(wildcard containers/track_*.c))
CONTAINERS := $(patsubst %.c,$(B)/%.o,$(filter-out containers/track_%.c,$(wildcard containers/*.c)))
REPORT	   := $(patsubst %.c,$(B)/%.o,$(wildcard report/*.c))
EXAMPLES   := $(patsubst %.c,%,$(wildcard examples/*/broken.c examples/*/repaired.c))
DRIVERS    := racetrack-cc racetrack-c++ $(foreach tool,ar ranlib,racetrack-gcc-$(tool) racetrack-llvm-$(tool))
PRODUCTS   := libracetrack.so racetrack-report libracetrack_containers.a libracetrack_hooks.a $(DRIVERS)

# `make V=1` shows the commands.
ifneq ($(V),1)
Q := @
endif

all: $(PRODUCTS) $(EXAMPLES)

# Flags are in here.
$(SHADOW) $(INTERPOSE) $(HOOKS) $(REWRITE) $(DWARF) $(TRACKERS) $(CONTAINERS) $(REPORT): Makefile

libracetrack.so: $(SHADOW) $(DWARF) $(INTERPOSE) $(HOOKS) $(REWRITE) $(TRACKERS) $(B)/libracetrack.map
	@echo '  $(notdir $@)'
	$(Q)$(CC) -shared -o $@ $(SHADOW) $(DWARF) $(INTERPOSE) $(HOOKS) $(REWRITE) $(TRACKERS) -Wl,-z,defs \
		-Wl,-z,now -Wl,-z,noseparate-code -Wl,-z,norelro -Wl,-T,shadow/child.ld -Wl,-Bsymbolic -Wl,--version-script=$(B)/libracetrack.map -Wl,-soname,libracetrack.so

$(B)/libracetrack.map: interpose/wrappers.def hooks/hooks.def Makefile
	@mkdir -p $(@D)
	{ echo '{ global: racetrack_*; __tsan_*; __sanitizer_syscall_*; __interceptor_*;'; \
		sed -nE 's/^RT_ROW(_UNDECLARED|_ALLOCATOR)?\([^,]*, (\w+),.*/\2;/p' interpose/wrappers.def; \
		sed -nE 's/^RT_HOOK(_WEAK)?\([^,]*, (\w+),.*/\2;/p; s/^RT_HOOK_SAME\((\w+),.*/\1;/p' hooks/hooks.def; \
		echo 'local: *; };'; } > $@

racetrack-report: $(REPORT) $(B)/report/options.o
	@echo '  $(notdir $@)'
	$(Q)$(CC) -o $@ $^ -ldw -lelf -liberty

# What racetrack-cc links into a program: the fast half of the hooks.
libracetrack_hooks.a: $(B)/linked_in/access.o $(B)/linked_in/catch.o
	rm -f $@
	$(AR) rcs $@ $^

$(DRIVERS): hooks/racetrack-cc
	ln -sf $< $@

$(B)/linked_in/%.o: hooks/%.c
	@mkdir -p $(@D)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) $(INSIDE) -fomit-frame-pointer -falign-functions=64 -DRT_LINKED_IN -ffreestanding -MMD -MP -c -o $@ $<

$(B)/hooks/%.o: hooks/%.c
	@mkdir -p $(@D)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) $(INSIDE) -fexceptions -MMD -MP -c -o $@ $<

$(B)/rewrite/%.o: rewrite/%.S
	@mkdir -p $(@D)
	@echo '  $(notdir $@)'
	$(Q)$(CC) -MMD -MP -c -o $@ $<

$(B)/rewrite/%.o: rewrite/%.c
	@mkdir -p $(@D)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) $(INSIDE) -fexceptions $(GENERAL_FLAG) -MMD -MP -c -o $@ $<

libracetrack_containers.a: $(CONTAINERS)
	rm -f $@
	$(AR) rcs $@ $^

$(B)/shadow/%.o: shadow/%.c
	@mkdir -p $(@D)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) $(INSIDE) -ffreestanding $(GENERAL_FLAG) -MMD -MP -c -o $@ $<

$(B)/dwarf/%.o: dwarf/%.c
	@mkdir -p $(@D)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) $(INSIDE) -ffreestanding $(GENERAL_FLAG) -MMD -MP -c -o $@ $<

$(B)/interpose/%.o: interpose/%.c
	@mkdir -p $(@D)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) $(INSIDE) -fexceptions $(GENERAL_FLAG) -MMD -MP -c -o $@ $<

$(B)/containers/track_%.o: containers/track_%.c
	@mkdir -p $(@D)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) $(INSIDE) -ffreestanding -MMD -MP -c -o $@ $<

# Their code has a section of its own, by which rewriting knows it: see rewrite/rewrite.c.
$(B)/containers/%.o: containers/%.c
	@mkdir -p $(@D)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) -fPIC -MMD -MP -c -o $@ $<
	$(Q)objcopy --rename-section .text=racetrack_containers --rename-section .text.unlikely=racetrack_containers $@

$(B)/report/options.o: shadow/options.c
	@mkdir -p $(@D)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) -MMD -MP -c -o $@ $<

$(B)/report/%.o: report/%.c
	@mkdir -p $(@D)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) -MMD -MP -c -o $@ $<

# Those about memory orders, which machine code does not show, have the compiler's hooks.
HOOKED_EXAMPLES := $(filter examples/r5-atomics/% examples/ring-processes/%,$(EXAMPLES))
$(HOOKED_EXAMPLES): private EXAMPLE_CC = RACETRACK_CC="$(CC)" ./racetrack-cc
$(HOOKED_EXAMPLES): racetrack-cc libracetrack_hooks.a libracetrack.so
EXAMPLE_CC  = $(CC)

examples/%: examples/%.c examples/example.h examples/shared.h libracetrack_containers.a
	@echo '  $(notdir $@)'
	$(Q)$(EXAMPLE_CC) -std=gnu11 -D_GNU_SOURCE -g -O1 -Wall -Wextra -Werror -Iinclude -o $@ $< libracetrack_containers.a -pthread

# The engine by itself, driven by tests.
$(B)/model_test $(B)/concurrent_test $(B)/owner_test $(B)/trie_test $(B)/boundary_test $(B)/resume_test $(B)/lookers_test: $(B)/%: tests/engine/%.c $(SHADOW)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) -mcx16 -o $@ $(filter-out %.h,$^) -pthread
$(B)/model_test: tests/engine/model.c tests/engine/model.h

# The stack walker beside libunwind.
$(B)/stack_test: tests/engine/stack_test.c $(SHADOW) $(DWARF) $(B)/interpose/stack.o $(B)/interpose/cfi.o
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) -Wno-error=frame-address -mcx16 -o $@ $^ -lunwind -pthread

# The parts of rewriting by themselves.
$(B)/rewrite_%_test: tests/rewrite/%_test.c $(REWRITE) $(DWARF) $(SHADOW)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) -mcx16 -o $@ $(filter-out %.h %.def,$^) -ldl -pthread
# The test of modules has landing pads, and runs itself as a program at a fixed address, too.
$(B)/rewrite_module_test $(B)/rewrite_module_fixed: private COMMON += -fexceptions
$(B)/rewrite_module_test: | $(B)/rewrite_module_fixed
$(B)/rewrite_module_fixed: tests/rewrite/module_test.c $(REWRITE) $(DWARF) $(SHADOW)
	@echo '  $(notdir $@)'
	$(Q)$(CC) $(COMMON) -mcx16 -fno-pie -no-pie -o $@ $^ -ldl -pthread
$(B)/rewrite_patch_test: tests/rewrite/straight.c
$(B)/rewrite_decode_test: tests/rewrite/decode_table.def
# Functions and their clones: with the engine's calls written down, and not made.
WATCHED	   := rt_access_front rt_enter rt_leave rt_access_walked rt_access rt_infer_access rt_infer_changed rt_atomic
CLONE_TEST := $(addprefix tests/rewrite/,aim generate reference watch clones instances machine)
$(B)/rewrite_clone_test: private COMMON += $(WATCHED:%=-Wl,--wrap=%)
$(B)/rewrite_clone_test: $(CLONE_TEST:%=%.c) $(CLONE_TEST:%=%.h) tests/rewrite/place.c
$(B)/rewrite_decode_test $(B)/rewrite_effects_test $(B)/rewrite_vector_test: tests/rewrite/instances.c tests/rewrite/machine.c \
	tests/rewrite/instances.h tests/rewrite/machine.h

setup:
	tools/setup.sh

demo:
	tools/setup.sh demo
	$(MAKE) all
	tools/demo.sh

check: setup
	$(MAKE) all
	tests/run.py

# What `check` does in part: every program 25 times, as addresses differ from run to run, and every compiler with every set of
# flags. Takes an hour.
check-rewrite-all: setup
	$(MAKE) all
	RT_COMPILERS=all tests/rewrite_compilers.test
	RT_REAL_REPEATS=25 tests/rewrite_real.test

# 1,000 processes killed at random moments; `make check` has some of them. KILLS="RT_TEST_SEED=N".
check-session-kill: all
	RT_TEST_COUNT=1000 $(KILLS) tests/session_kill.test

# What is wrong in a session's file, for ten minutes; `make check` has some of it. FUZZ="RT_TEST_SEED=N".
check-session-fuzz: all
	RT_TEST_COUNT=100 RT_FUZZ_SECONDS=5 $(FUZZ) tests/session_fuzz.test

# Systems of several processes: ten times, PostgreSQL for a minute each, with what it costs. Takes half an hour.
check-session-all: setup
	$(MAKE) all
	RT_SESSION_RUNS=10 RT_SESSION_SECONDS=60 RT_SESSION_COST=1 tests/session_real.test

# More of what `make check` has in part: 1,000 session files with random bytes in them, 20,000 children. SESSIONS="RT_TEST_SEED=N".
check-sessions-all: all check-session-kill check-session-fuzz
	RT_TEST_COUNT=1000 $(SESSIONS) tests/session_environment.test
	RT_TEST_LONG=1 tests/session.test children_many

# Beside ThreadSanitizer, from the same sources; fetches some of them. BENCH="--only REGEX --runs N" and the like.
bench: all
	tools/setup.sh bench
	bench/hooks.py $(BENCH)

# Debian's programs, rewritten, beside Helgrind and DRD. BENCH as above.
bench-rewrite: all
	tools/setup.sh bench
	bench/rewrite.py $(BENCH)

# Processes that share memory: mappings, forks, many on one segment. BENCH as above.
bench-sessions: all
	bench/sessions.py $(BENCH)

format:
	clang-format -i $(FORMATTED)

format-check:
	clang-format --dry-run -Werror $(FORMATTED)
FORMATTED = $(shell git ls-files '*.c' '*.h')

# 100,000 random functions beside their clones; `make check` has some of them. CLONES="RT_TEST_SEED=N".
check-clones: $(B)/rewrite_clone_test
	RT_TEST_COUNT=100000 $(CLONES) $(B)/rewrite_clone_test

# Programs that hand data over, many of each kind, with every compiler and level; `make check` has some of them.
# SEEDS=FROM-TO COMPILERS=gcc,clang LEVELS=O0,O2; HANDOVERS="--hooks ticket mcs" and the like.
handovers: all
	tests/handovers/survey.py $(SEEDS:%=--seeds %) $(COMPILERS:%=--compilers %) $(LEVELS:%=--levels %) $(HANDOVERS)

check-layers:
	tools/check_layers.py

docs: racetrack-report
	./racetrack-report --list-options=markdown > docs/options.md
	tools/list_wrapped.py > docs/wrapped.md

# What looks for its neighbours (run-tracked.sh, the library, the drivers) lies in one folder, as it does here; links lead there.
# The library is in no folder that the loader searches: who wants it names it.
PREFIX	   ?= /usr/local
PLACE	    = $(DESTDIR)$(PREFIX)
FOLDER	   := lib/racetrack
DOCUMENTS   = README.md NEWS LICENSE CONTRIBUTING.md $(wildcard docs/* examples/README.md examples/*.h examples/*/*.c)
install: $(PRODUCTS)
	$(Q)install -d "$(PLACE)/bin" "$(PLACE)/$(FOLDER)/hooks" "$(PLACE)/include/racetrack"
	$(Q)install run-tracked.sh racetrack-report "$(PLACE)/$(FOLDER)"
	$(Q)install -m 644 libracetrack.so libracetrack_hooks.a "$(PLACE)/$(FOLDER)"
	$(Q)install hooks/racetrack-cc "$(PLACE)/$(FOLDER)/hooks"
	$(Q)install -m 644 hooks/racetrack.specs "$(PLACE)/$(FOLDER)/hooks"
	$(Q)install -m 644 libracetrack_containers.a "$(PLACE)/lib"
	$(Q)install -m 644 include/racetrack/*.h "$(PLACE)/include/racetrack"
	$(Q)for name in $(DOCUMENTS); do install -D -m 644 "$$name" "$(PLACE)/share/doc/racetrack/$$name" || exit 1; done
	$(Q)ln -sf ../$(FOLDER)/run-tracked.sh ../$(FOLDER)/racetrack-report "$(PLACE)/bin"
	$(Q)for name in $(DRIVERS); do ln -sf ../$(FOLDER)/hooks/racetrack-cc "$(PLACE)/bin/$$name" || exit 1; done

uninstall:
	$(Q)rm -rf "$(PLACE)/$(FOLDER)" "$(PLACE)/include/racetrack" "$(PLACE)/share/doc/racetrack"
	$(Q)rm -f "$(PLACE)/lib/libracetrack_containers.a"
	$(Q)for name in run-tracked.sh racetrack-report $(DRIVERS); do rm -f "$(PLACE)/bin/$$name"; done

clean:
	rm -rf $(B) $(PRODUCTS) $(EXAMPLES)

.PHONY: all setup demo check check-clones check-rewrite-all check-session-all check-session-fuzz check-session-kill check-sessions-all bench bench-rewrite bench-sessions format format-check handovers check-layers docs install uninstall clean
-include $(shell find $(B) -name '*.d' 2>/dev/null)
