"""Rings and queues."""
from primitive import Primitive

PUT_EACH = "for (int i = 1; i <= @rounds; i++)\n@spin(!@call(put, i))"
GET_EACH = "for (int i = 1; i <= @rounds; i++)\n@spin(!@call(get, i))"


class Ring(Primitive):
    """For one producer and one consumer: counts that go on, indices that wrap around, or what is known of the other end."""
    variants = ("counts", "indices", "known")
    fields = """
    _Atomic @either(unsigned, size_t, uint32_t) head;
    @pad(head)
    _Atomic @either(unsigned, size_t, uint32_t) tail;
    @pad(tail)
    struct {
    @payload data[@words];
    } cells[@either(2, 8, 16)];
    @either(unsigned, size_t, uint32_t) known_head;  //= known
    @either(unsigned, size_t, uint32_t) known_tail;  //= known
    """
    functions = """
    @function(int, put, int i)
    {
    const @either(unsigned, size_t, uint32_t) size = @either(2, 8, 16);
    @either(unsigned, size_t, uint32_t) tail = @load(o->tail, relaxed);
    @either(unsigned, size_t, uint32_t) next = (tail + 1) % size;  //= indices
    if (next == @load(o->head))  //= indices
    if (tail - @load(o->head) == size)  //= counts
    if (tail - o->known_head == size && (o->known_head = @load(o->head), tail - o->known_head == size))  //= known
    return 0;
    @fill(o->cells[tail % size].data, i)  //- late
    @store(o->tail, next)  //= indices
    @store(o->tail, tail + 1)  //= counts, known
    @fill(o->cells[tail % size].data, i)  //+ late
    return 1;
    }

    @function(int, get, int i)
    {
    const @either(unsigned, size_t, uint32_t) size = @either(2, 8, 16);
    @either(unsigned, size_t, uint32_t) head = @load(o->head, relaxed);
    @check(o->cells[head % size].data, i)  //+ early
    if (head == @load(o->tail))  //= counts, indices
    if (head == o->known_tail && (o->known_tail = @load(o->tail), head == o->known_tail))  //= known
    return 0;
    @check(o->cells[head % size].data, i)
    @store(o->head, (head + 1) % size)  //= indices
    @store(o->head, head + 1)  //= counts, known
    linger(30);  //= counts, known  //+ let_go
    @check(o->cells[head % size].data, i)  //= counts, known  //+ let_go
    return 1;
    }
    """
    bodies = (PUT_EACH, GET_EACH)


class BoundedQueue(Primitive):
    """Vyukov's, for many on both sides: each cell says whose turn it is."""
    fields = """
    struct {
    _Atomic size_t turn;
    @payload data[@words];
    } cells[@either(2, 8)];
    @pad(cells)
    _Atomic size_t in;
    _Atomic size_t out;
    """
    setup = "for (int k = 0; k < @either(2, 8); k++)\natomic_init(&o->cells[k].turn, k);"
    functions = """
    @function(int, put, int i)
    {
    size_t at = @load(o->in, relaxed);
    for (;;) {
    size_t turn = @load(o->cells[at % @either(2, 8)].turn);
    intptr_t ahead = (intptr_t)turn - (intptr_t)at;
    if (ahead == 0) {
    if (@replace_weakly(o->in, at, at + 1, relaxed))
    break;
    } else if (ahead < 0) {
    return 0;
    } else {
    at = @load(o->in, relaxed);
    }
    }
    @fill(o->cells[at % @either(2, 8)].data, i)  //- late
    @store(o->cells[at % @either(2, 8)].turn, at + 1)
    @fill(o->cells[at % @either(2, 8)].data, i)  //+ late
    return 1;
    }

    @function(int, get, int i)
    {
    size_t at = @load(o->out, relaxed);
    @check(o->cells[at % @either(2, 8)].data, i)  //+ early
    for (;;) {
    size_t turn = @load(o->cells[at % @either(2, 8)].turn);
    intptr_t ahead = (intptr_t)turn - (intptr_t)(at + 1);
    if (ahead == 0) {
    if (@replace_weakly(o->out, at, at + 1, relaxed))
    break;
    } else if (ahead < 0) {
    return 0;
    } else {
    at = @load(o->out, relaxed);
    }
    }
    @check(o->cells[at % @either(2, 8)].data, i)  //- let_go
    @store(o->cells[at % @either(2, 8)].turn, at + @either(2, 8))
    @check(o->cells[at % @either(2, 8)].data, i)  //+ let_go
    return 1;
    }
    """
    bodies = ("for (int i = 1; i <= @rounds; i++)\nwhile (!@call(put, i))\nsched_yield();",
              "for (int i = 1; i <= @rounds; i++)\nwhile (!@call(get, i))\nsched_yield();")


class LinkedQueue(Primitive):
    """Two producers, one consumer: who puts takes the place of the last, then links itself behind it."""
    types = """
    struct @name(node) {
    struct @name(node) *_Atomic next;
    int i;
    @payload data[@words];
    };
    """
    fields = """
    struct @name(node) *_Atomic last;
    @pad(between)
    struct @name(node) *first;
    """
    setup = """
    o->first = calloc(1, sizeof(*o->first));
    atomic_init(&o->last, o->first);
    """
    functions = """
    @function(void, put, int i)
    {
    struct @name(node) *node = calloc(1, sizeof(*node));
    node->i = i;
    @fill(node->data, i)  //- late
    struct @name(node) *before = @exchange(o->last, node);
    @store(before->next, node)
    @perhaps_rest
    @fill(node->data, i)  //+ late
    }

    @function(void, get)
    {
    struct @name(node) *next;
    @spin(!(next = @load(o->first->next)))
    @check(next->data, next->i)
    free(o->first);  //- late
    o->first = next;
    }
    """
    bodies = ("for (int i = 1; i <= @rounds; i++)\n@call(put, i);",
              "for (int i = 1; i <= @rounds; i++)\n@call(put, i);",
              "for (int i = 1; i <= 2 * @rounds; i++)\n@call(get);")


class TripleBuffer(Primitive):
    """The newest of what was handed over: each side has a buffer, the third is exchanged."""
    meets = True
    fields = """
    _Atomic unsigned middle;
    @pad(between)
    @payload buffers[3][@words];
    _Atomic @small stop;
    """
    setup = "atomic_init(&o->middle, 1);"
    bodies = ("""
    unsigned back = 0;
    for (int i = 1; i <= @rounds; i++) {
    @fill(o->buffers[back], i)  //- late
    unsigned was = back;
    back = @exchange(o->middle, back | 4) & 3;
    @rest
    @fill(o->buffers[was], i)  //+ late
    (void)was;
    }
    @store(o->stop, 1)
    """, """
    unsigned front = 2;
    while (!@load(o->stop)) {
    if (!(@load(o->middle, relaxed) & 4)) {
    @pause
    continue;
    }
    unsigned was = front;
    front = @exchange(o->middle, front) & 3;
    @check_same(o->buffers[front])
    @linger  //+ let_go
    @check_same(o->buffers[was])  //+ let_go
    (void)was;
    }
    """)


class SemaphoreRing(Primitive):
    """Two counts, of the free cells and of the full ones, from which each side takes."""
    fields = """
    _Atomic int free;
    @pad(between)
    _Atomic int full;
    @payload cells[4][@words];
    """
    setup = "atomic_init(&o->free, 4);"
    functions = """
    @function(void, take, _Atomic int *count)
    {
    for (;;) {
    int value = @load(*count, relaxed);
    if (value > 0 && @replace_weakly(*count, value, value - 1, acquire))
    return;
    @pause
    }
    }
    """
    bodies = ("""
    for (int i = 1; i <= @rounds; i++) {
    @call(take, &o->free);
    @fill(o->cells[i % 4], i)  //- late
    (void)@add(o->full, 1, release);
    @fill(o->cells[i % 4], i)  //+ late
    }
    """, """
    for (int i = 1; i <= @rounds; i++) {
    @check(o->cells[i % 4], i)  //+ early
    @call(take, &o->full);
    @check(o->cells[i % 4], i)
    (void)@add(o->free, 1, release);
    @linger  //+ let_go
    @check(o->cells[i % 4], i)  //+ let_go
    }
    """)


class WorkStealing(Primitive):
    """Chase and Lev's deque: its owner puts and takes at one end, a thief takes at the other."""
    meets = True
    fields = """
    _Atomic long top;
    @pad(between)
    _Atomic long bottom;
    _Atomic int items[256];
    @payload all[@rounds + 1][@words];
    _Atomic int stop;
    """
    functions = """
    @function(void, put, int i)
    {
    long bottom = @load(o->bottom, relaxed);
    @fill(o->all[i], i)  //- late
    @store(o->items[bottom % 256], i, relaxed)
    @store(o->bottom, bottom + 1)
    @perhaps_rest
    @fill(o->all[i], i)  //+ late
    }

    @function(int, take)
    {
    long bottom = @load(o->bottom, relaxed) - 1;
    atomic_store(&o->bottom, bottom);
    long top = atomic_load(&o->top);
    int item = 0;
    if (top <= bottom)
    item = @load(o->items[bottom % 256], relaxed);
    if (top < bottom)
    return item;
    if (top == bottom && !atomic_compare_exchange_strong(&o->top, &top, top + 1))
    item = 0;
    @store(o->bottom, bottom + 1)
    return item;
    }

    @function(int, steal)
    {
    long top = atomic_load(&o->top);
    long bottom = atomic_load(&o->bottom);
    if (top >= bottom)
    return 0;
    int item = @load(o->items[top % 256], relaxed);
    return atomic_compare_exchange_strong(&o->top, &top, top + 1) ? item : 0;
    }
    """
    bodies = ("""
    int item;
    for (int i = 1; i <= @rounds; i++) {
    @call(put, i);
    if (i % 3 == 0 && (item = @call(take))) {
    @check(o->all[item], item)
    }
    }
    while ((item = @call(take))) {
    @check(o->all[item], item)
    }
    @store(o->stop, 1)
    """, """
    @check(o->all[1], 1)  //+ early
    while (!@load(o->stop)) {
    int item = @call(steal);
    if (!item) {
    @pause
    continue;
    }
    @check(o->all[item], item)
    }
    """)


ALL = (Ring, BoundedQueue, SemaphoreRing, LinkedQueue, TripleBuffer, WorkStealing)
