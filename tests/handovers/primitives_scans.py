"""Flags of several, that are gone through; and versions that say whether what was read is one state."""
from primitive import Primitive


class Scan(Primitive):
    """The consumer goes through all flags until each is set."""
    variants = ("again", "count", "each")
    fields = """
    _Atomic @small ready[@either(3, 8)];
    @payload parts[@either(3, 8)][@words];
    _Atomic int taken;
    """
    bodies = ("""
    for (int i = 1; i <= @rounds / 10; i++) {
    @spin(@load(o->taken) != i - 1)
    for (int f = 0; f < @either(3, 8); f++) {
    @fill(o->parts[f], i + f)  //- late
    @store(o->ready[f], 1)
    @fill(o->parts[f], i + f)  //+ late
    }
    }
    """, """
    for (int i = 1; i <= @rounds / 10; i++) {
    @check(o->parts[0], i)  //+ early
    for (;;) {  //= again
    int f;  //= again
    for (f = 0; f < @either(3, 8); f++)  //= again
    if (!@load(o->ready[f]))  //= again
    break;  //= again
    if (f == @either(3, 8))  //= again
    break;  //= again
    @pause  //= again
    }  //= again
    int ready;  //= count
    do {  //= count
    ready = 0;  //= count
    for (int f = 0; f < @either(3, 8); f++)  //= count
    ready += @load(o->ready[f]) != 0;  //= count
    } while (ready < @either(3, 8));  //= count
    for (int f = 0; f < @either(3, 8); f++)  //= each
    @spin(!@load(o->ready[f]))  //= each
    for (int f = 0; f < @either(3, 8); f++) {
    @check(o->parts[f], i + f)  //- let_go
    @store(o->ready[f], 0, relaxed)
    }
    @store(o->taken, i)
    @check(o->parts[0], i)  //+ let_go
    }
    """)


class Mailboxes(Primitive):
    """Several boxes in turn, each full or empty."""
    fields = """
    struct {
    @payload data[@words];
    @pad(box)
    _Atomic @small full;
    } boxes[@either(2, 4)];
    """
    bodies = ("""
    for (int i = 0; i < @rounds; i++) {
    int b = i % @either(2, 4);
    @spin(@load(o->boxes[b].full))
    @fill(o->boxes[b].data, i)  //- late
    @store(o->boxes[b].full, 1)
    @fill(o->boxes[b].data, i)  //+ late
    }
    """, """
    for (int i = 0; i < @rounds; i++) {
    int b = i % @either(2, 4);
    @check(o->boxes[b].data, i)  //+ early
    @spin(!@load(o->boxes[b].full))
    @check(o->boxes[b].data, i)  //- early, let_go
    @store(o->boxes[b].full, 0)
    @check(o->boxes[b].data, i)  //+ let_go
    }
    """)


class Slots(Primitive):
    """Pointers in slots, wherever one is empty; both sides go round without waiting."""
    fields = """
    @payload *_Atomic slots[4];
    @payload all[@rounds][@words];
    """
    bodies = ("""
    for (int i = 0; i < @rounds;) {
    for (int s = 0; s < 4 && i < @rounds; s++) {
    if (@load(o->slots[s], relaxed))
    continue;
    @fill(o->all[i], @base)  //- late
    @store(o->slots[s], o->all[i])
    @fill(o->all[i], @base)  //+ late
    @perhaps_rest
    i++;
    }
    }
    """, """
    @check(o->all[0], @base)  //+ early
    for (int got = 0; got < @rounds;) {
    for (int s = 0; s < 4; s++) {
    @payload *found = @load(o->slots[s]);
    if (!found)
    continue;
    @check(found, @base)
    @store(o->slots[s], NULL, relaxed)
    got++;
    }
    @either(, sched_yield();)
    }
    """)


class Version(Primitive):
    """A sequence lock. The payload proper is filled before the first version, and stays."""
    fields = """
    _Atomic @either(unsigned, unsigned long) version;
    _Atomic @payload values[@words];
    _Atomic int stop;
    """
    bodies = ("""
    @fill(o->data, @base)
    for (int i = 1; i <= @rounds; i++) {
    @either(unsigned, unsigned long) version = @load(o->version, relaxed);
    @store(o->version, version + 1, relaxed)
    atomic_thread_fence(memory_order_release);
    for (int k = 0; k < @words; k++)
    @store(o->values[k], (@payload)(i + k), relaxed)
    @store(o->version, version + 2)
    @perhaps_rest
    }
    @store(o->stop, 1)
    @fill(o->data, @base)  //+ late
    """, """
    @check(o->data, @base)  //+ early
    int last;
    do {
    last = @load(o->stop);
    @either(unsigned, unsigned long) before, after;
    @payload seen[@words];
    do {
    before = @load(o->version);
    for (int k = 0; k < @words; k++)
    seen[k] = @load(o->values[k], relaxed);
    atomic_thread_fence(memory_order_acquire);
    after = @load(o->version, relaxed);
    } while (before != after || before & 1);
    if (before) {
    @check_same(seen)
    @check(o->data, @base)
    }
    } while (!last);
    """)


ALL = (Scan, Mailboxes, Slots, Version)
