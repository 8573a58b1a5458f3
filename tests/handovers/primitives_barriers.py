"""Barriers and latches, and what sleeps in the kernel."""
from primitive import GET_ALL, PUT_ALL, Primitive


class Barrier(Primitive):
    """The last one to arrive turns a sense around, or counts."""
    variants = ("sense", "count")
    fields = """
    _Atomic int arrived;
    @pad(between)
    _Atomic @integer phase;
    @payload parts[2][@words];
    """
    functions = """
    @function(void, wait, @integer *sense)
    {
    @integer mine = !*sense;  //= sense
    *sense = mine;  //= sense
    @integer phase = @load(o->phase);  //= count
    if (@add(o->arrived, 1) == 1) {
    @store(o->arrived, 0, relaxed)
    @store(o->phase, mine)  //= sense
    (void)@add(o->phase, 1, release);  //= count
    } else {
    @spin(@load(o->phase) != mine)  //= sense
    @spin(@load(o->phase) == phase)  //= count
    }
    }
    """

    def __init__(self, shape):
        super().__init__(shape)
        self.bodies = tuple(f"""
        @integer sense = 0;
        for (int i = 1; i <= @rounds; i++) {{
        @fill(o->parts[{me}], i)  //- late
        @check(o->parts[{1 - me}], i)  //+ early
        @call(wait, &sense);
        @fill(o->parts[{me}], i)  //+ late
        @check(o->parts[{1 - me}], i)
        @call(wait, &sense);
        @check(o->parts[{1 - me}], i)  //+ let_go
        }}
        """ for me in range(2))


class Latch(Primitive):
    """The main thread tells all to begin, and waits until each has counted itself."""
    fields = """
    _Atomic @integer done;
    _Atomic int go;
    @payload parts[2][@words];
    """
    bodies = tuple(f"""
    @check(o->data, @base)  //+ early
    @spin(!@load(o->go))
    @check(o->data, @base)
    @fill(o->parts[{me}], @base)  //- late
    (void)@add(o->done, 1, release);
    @fill(o->parts[{me}], @base)  //+ late
    """ for me in range(2))
    between = """
    @fill(o->data, @base)  //- unready
    @store(o->go, 1)
    @fill(o->data, @base)  //+ unready
    @spin(@load(o->done) < 2)
    @check(o->parts[0], @base)
    @check(o->parts[1], @base)
    """


class FutexNumber(Primitive):
    """Numbers, for which each side sleeps."""
    fields = """
    _Atomic int given;
    @pad(between)
    _Atomic int taken;
    """
    functions = """
    @function(void, put, int i)
    {
    for (;;) {
    int taken = @load(o->taken);
    if (taken == i - 1)
    break;
    syscall(SYS_futex, &o->taken, FUTEX_WAIT_PRIVATE, taken, NULL, NULL, 0);
    }
    @fill(o->data, i)  //- late
    @store(o->given, i)
    @fill(o->data, i)  //+ late
    syscall(SYS_futex, &o->given, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    }

    @function(void, get, int i)
    {
    @check(o->data, i)  //+ early
    for (;;) {
    int given = @load(o->given);
    if (given == i)
    break;
    syscall(SYS_futex, &o->given, FUTEX_WAIT_PRIVATE, given, NULL, NULL, 0);
    }
    @check(o->data, i)  //- early, let_go
    @store(o->taken, i)
    syscall(SYS_futex, &o->taken, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    @check(o->data, i)  //+ let_go
    }
    """
    bodies = (PUT_ALL, GET_ALL)


ALL = (Barrier, Latch, FutexNumber)
