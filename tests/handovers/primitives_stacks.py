"""Stacks, and counts of references."""
from primitive import Primitive


class Stack(Primitive):
    """Treiber's; the consumer takes all of it at once."""
    types = """
    struct @name(node) {
    struct @name(node) *next;
    int i;
    @payload data[@words];
    };
    """
    fields = "struct @name(node) *_Atomic top;"
    functions = """
    @function(void, put, int i)
    {
    struct @name(node) *node = malloc(sizeof(*node));
    node->i = i;
    @fill(node->data, i)  //- late
    node->next = @load(o->top, relaxed);
    while (!@replace_weakly(o->top, node->next, node, release)) {
    @either(, __builtin_ia32_pause();)
    }
    @perhaps_rest
    @fill(node->data, i)  //+ late
    }

    @function(int, get)
    {
    int got = 0;
    struct @name(node) *node = @exchange(o->top, NULL, acquire);
    while (node) {
    struct @name(node) *next = node->next;
    @check(node->data, node->i)
    free(node);  //- late
    node = next;
    got++;
    }
    return got;
    }
    """
    bodies = ("for (int i = 1; i <= @rounds; i++)\n@call(put, i);",
              "for (int got = 0; got < @rounds;) {\nint some = @call(get);\ngot += some;\nif (!some)\nsched_yield();\n}")


class References(Primitive):
    """Who drops the last reference looks at what both did, and frees the object."""
    variants = ("acq_rel", "fence")
    types = """
    struct @name(shared) {
    _Atomic @integer references;
    @payload parts[2][@words];
    };
    """
    fields = "struct @name(shared) *all[@rounds];"
    setup = """
    for (int i = 0; i < @rounds; i++) {
    o->all[i] = calloc(1, sizeof(struct @name(shared)));
    atomic_init(&o->all[i]->references, 2);
    }
    """
    functions = """
    @function(void, drop, int i, int me)
    {
    struct @name(shared) *shared = o->all[i];
    @fill(shared->parts[me], i)  //- late
    @check(shared->parts[1 - me], i)  //+ early
    if (@subtract(shared->references, 1) == 1) {  //= acq_rel
    if (@subtract(shared->references, 1, release) == 1) {  //= fence
    atomic_thread_fence(memory_order_acquire);  //= fence
    @check(shared->parts[0], i)
    @check(shared->parts[1], i)
    free(shared);  //- early, late
    }
    @fill(shared->parts[me], i)  //+ late
    }
    """
    bodies = ("for (int i = 0; i < @rounds; i++)\n@call(drop, i, 0);",
              "for (int i = 0; i < @rounds; i++)\n@call(drop, i, 1);")


class Pool(Primitive):
    """A stack of free slots by their numbers, with a count against ABA: two threads take, fill, check and give back."""
    fields = """
    _Atomic uint64_t top;
    _Atomic unsigned next[4];
    @pad(between)
    @payload slots[4][@words];
    """
    setup = """
    for (unsigned k = 0; k < 4; k++)
    atomic_init(&o->next[k], k + 1);
    atomic_init(&o->top, 0);
    """
    functions = """
    @function(unsigned, take)
    {
    uint64_t top = @load(o->top);
    for (;;) {
    unsigned slot = (unsigned)top;
    if (slot == 4) {
    @pause
    top = @load(o->top);
    continue;
    }
    uint64_t below = @load(o->next[slot], relaxed);
    if (@replace_weakly(o->top, top, ((top >> 32) + 1) << 32 | below))
    return slot;
    }
    }

    @function(void, give, unsigned slot)
    {
    uint64_t top = @load(o->top, relaxed);
    do {
    @store(o->next[slot], (unsigned)top, relaxed)
    } while (!@replace_weakly(o->top, top, ((top >> 32) + 1) << 32 | slot));
    }
    """

    def __init__(self, shape):
        super().__init__(shape)
        self.bodies = ("""
        for (int i = 1; i <= @rounds; i++) {
        @fill(o->slots[0], i)  //+ early
        unsigned slot = @call(take);
        @fill(o->slots[slot], i)
        @check(o->slots[slot], i)
        @call(give, slot);
        @fill(o->slots[slot], i)  //+ late
        }
        """,) * 2


ALL = (Stack, References, Pool)
