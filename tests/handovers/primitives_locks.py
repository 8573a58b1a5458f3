"""Locks: two threads or three count under one."""
from primitive import Primitive


class Lock(Primitive):
    """@call(lock) and @call(unlock) come from the subclasses, and what they are given."""
    most = 3  # threads
    lock_type = "_Atomic @either(int, char, unsigned, long) lock;"
    given = ""
    own = ""  # of a thread

    def __init__(self, shape):
        super().__init__(shape)
        count = min(self.most, shape.choose("threads", (2, 2, 3)))
        self.fields = self.lock_type + "\n@pad(behind_lock)\nlong count;"
        self.bodies = tuple(self.body(me) for me in range(count))
        self.after = f"if (o->count != {count} * @rounds)\nwrong(\"{self.name()}\");"

    def body(self, me):
        given = f", {self.given}" if self.given else ""
        return f"""
        enum {{ me = {me} }};
        {self.own}
        for (int i = 0; i < @rounds; i++) {{
        o->count++;  //+ early
        @call(lock{given});
        o->count++;
        for (int k = 0; k < @words; k++)
        o->data[k]++;
        @call(unlock{given});
        o->data[0]++;  //+ late
        }}
        """


class TestAndSet(Lock):
    functions = """
    @function(void, lock)
    {
    @spin(@exchange(o->lock, 1, acquire))
    }

    @function(void, unlock)
    {
    @store(o->lock, 0)
    }
    """


class LookAndSet(Lock):
    """Test and test-and-set."""
    variants = ("nested", "together")
    functions = """
    @function(void, lock)
    {
    while (@exchange(o->lock, 1, acquire)) {  //= nested
    @spin(@load(o->lock, relaxed))  //= nested
    }  //= nested
    for (;;) {  //= together
    if (!@load(o->lock, relaxed) && !@exchange(o->lock, 1, acquire))  //= together
    break;  //= together
    @pause  //= together
    }  //= together
    }

    @function(void, unlock)
    {
    @store(o->lock, 0)
    }
    """


class BitLock(Lock):
    lock_type = "_Atomic unsigned lock;"
    functions = """
    @function(void, lock)
    {
    const unsigned bit = @either(1, 2, 0x80000000);
    @spin(@or(o->lock, bit, acquire) & bit)
    }

    @function(void, unlock)
    {
    const unsigned bit = @either(1, 2, 0x80000000);
    (void)@and(o->lock, ~bit, release);
    }
    """


class ReplaceLock(Lock):
    """By compare-and-exchange."""
    variants = ("store", "exchange", "subtract")
    functions = """
    @function(void, lock)
    {
    @either(int, char, unsigned, long) expected = 0;
    while (!@replace_weakly(o->lock, expected, 1, acquire)) {
    expected = 0;
    @pause
    }
    }

    @function(void, unlock)
    {
    @store(o->lock, 0)  //= store
    (void)@exchange(o->lock, 0, release);  //= exchange
    (void)@subtract(o->lock, 1, release);  //= subtract
    }
    """


class ReplaceBitLock(Lock):
    """One bit of a word, by compare-and-exchange."""
    lock_type = "_Atomic unsigned long lock;"
    functions = """
    @function(void, lock)
    {
    unsigned long value = @load(o->lock, relaxed);
    for (;;) {
    if (value & 1) {
    @pause
    value = @load(o->lock, relaxed);
    continue;
    }
    if (@replace_weakly(o->lock, value, value | 1, acquire))
    break;
    }
    }

    @function(void, unlock)
    {
    (void)@and(o->lock, ~1ul, release);
    }
    """


class Ticket(Lock):
    variants = ("store", "add")
    lock_type = """
    _Atomic @either(unsigned, unsigned short, unsigned long) next;
    @pad(between)
    _Atomic @either(unsigned, unsigned short, unsigned long) serving;
    """
    functions = """
    @function(void, lock)
    {
    @either(unsigned, unsigned short, unsigned long) mine = @add(o->next, 1, relaxed);
    @spin(@load(o->serving) != mine)
    }

    @function(void, unlock)
    {
    @store(o->serving, @load(o->serving, relaxed) + 1)  //= store
    (void)@add(o->serving, 1, release);  //= add
    }
    """


class Mcs(Lock):
    """A queue of those who wait, each for a word of its own."""
    types = """
    struct @name(node) {
    struct @name(node) *_Atomic next;
    @pad(node)
    _Atomic @small locked;
    };
    """
    lock_type = "struct @name(node) *_Atomic tail;"
    own = "struct @name(node) node;"
    given = "&node"
    functions = """
    @function(void, lock, struct @name(node) *me)
    {
    @store(me->next, NULL, relaxed)
    struct @name(node) *before = @exchange(o->tail, me);
    if (!before)
    return;
    @store(me->locked, 1, relaxed)
    @store(before->next, me)
    @spin(@load(me->locked))
    }

    @function(void, unlock, struct @name(node) *me)
    {
    struct @name(node) *behind = @load(me->next);
    if (!behind) {
    struct @name(node) *expected = me;
    if (@replace(o->tail, expected, NULL))
    return;
    @spin(!(behind = @load(me->next)))
    }
    @store(behind->locked, 0)
    }
    """


class Peterson(Lock):
    most = 2
    lock_type = "_Atomic int want[2];\n@pad(between)\n_Atomic int turn;"
    given = "me"
    functions = """
    @function(void, lock, int me)
    {
    atomic_store(&o->want[me], 1);
    atomic_store(&o->turn, 1 - me);
    @spin(atomic_load(&o->want[1 - me]) && atomic_load(&o->turn) == 1 - me)
    }

    @function(void, unlock, int me)
    {
    @store(o->want[me], 0)
    }
    """


class FutexLock(Lock):
    """0: free, 1: taken, 2: somebody may sleep."""
    lock_type = "_Atomic int lock;"
    functions = """
    @function(void, lock)
    {
    int value = 0;
    if (@replace(o->lock, value, 1, acquire))
    return;
    if (value != 2)
    value = @exchange(o->lock, 2, acquire);
    while (value) {
    syscall(SYS_futex, &o->lock, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
    value = @exchange(o->lock, 2, acquire);
    }
    }

    @function(void, unlock)
    {
    if (@exchange(o->lock, 0, release) == 2)
    syscall(SYS_futex, &o->lock, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    }
    """


class Semaphore(Lock):
    """Of one, so that it is a lock."""
    lock_type = "_Atomic int free;"
    setup = "atomic_init(&o->free, 1);"
    functions = """
    @function(void, lock)
    {
    for (;;) {
    int value = @load(o->free, relaxed);
    if (value > 0 && @replace(o->free, value, value - 1, acquire))
    break;
    @pause
    }
    }

    @function(void, unlock)
    {
    (void)@add(o->free, 1, release);
    }
    """


class Clh(Lock):
    """A queue of those who wait, each for the word of the one before, whose node it takes over."""
    types = """
    struct @name(node) {
    @pad(node)
    _Atomic @small locked;
    };
    struct @name(place) {
    struct @name(node) *mine;
    struct @name(node) *before;
    };
    """
    lock_type = "struct @name(node) *_Atomic tail;"
    setup = "atomic_init(&o->tail, calloc(1, sizeof(struct @name(node))));"
    own = "struct @name(place) place = {calloc(1, sizeof(struct @name(node))), NULL};"
    given = "&place"
    functions = """
    @function(void, lock, struct @name(place) *me)
    {
    @store(me->mine->locked, 1, relaxed)
    me->before = @exchange(o->tail, me->mine);
    @spin(@load(me->before->locked))
    }

    @function(void, unlock, struct @name(place) *me)
    {
    struct @name(node) *mine = me->mine;
    me->mine = me->before;
    @store(mine->locked, 0)
    }
    """


class Bakery(Lock):
    """Lamport's, of two: each draws a number, and looks at the other's."""
    most = 2
    lock_type = "_Atomic int choosing[2];\n@pad(between)\n_Atomic int number[2];"
    given = "me"
    functions = """
    @function(void, lock, int me)
    {
    int other = 1 - me;
    atomic_store(&o->choosing[me], 1);
    int mine = atomic_load(&o->number[other]) + 1;
    atomic_store(&o->number[me], mine);
    atomic_store(&o->choosing[me], 0);
    @spin(atomic_load(&o->choosing[other]))
    for (;;) {
    int theirs = atomic_load(&o->number[other]);
    if (!theirs || theirs > mine || (theirs == mine && me < other))
    break;
    @pause
    }
    }

    @function(void, unlock, int me)
    {
    @store(o->number[me], 0)
    }
    """


class ReadersAndWriter(Primitive):
    """A word that says how many read, or -1: one writes."""
    fields = "_Atomic int users;"
    functions = """
    @function(void, write, int i)
    {
    int none = 0;
    @fill(o->data, i)  //+ early
    while (!@replace_weakly(o->users, none, -1, acquire)) {
    none = 0;
    @pause
    }
    @fill(o->data, i)
    @store(o->users, 0)
    @fill(o->data, i)  //+ late
    }

    @function(void, read)
    {
    @check_same(o->data)  //+ early
    for (;;) {
    int users = @load(o->users, relaxed);
    if (users >= 0 && @replace_weakly(o->users, users, users + 1, acquire))
    break;
    @pause
    }
    @check_same(o->data)
    (void)@subtract(o->users, 1, release);
    @check_same(o->data)  //+ late
    }
    """
    setup = "@fill(o->data, 0)"
    bodies = ("for (int i = 1; i <= @rounds; i++)\n@call(write, i);",
              "for (int i = 1; i <= @rounds; i++)\n@call(read);",
              "for (int i = 1; i <= @rounds; i++)\n@call(read);")


ALL = (TestAndSet, LookAndSet, BitLock, ReplaceLock, ReplaceBitLock, Ticket, Mcs, Clh, Peterson, Bakery, FutexLock,
       Semaphore, ReadersAndWriter)
