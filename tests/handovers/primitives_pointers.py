"""Published pointers."""
from primitive import GET_ALL, PUT_ALL, Primitive


class Pointer(Primitive):
    """A pointer to one of two buffers, and nothing when it was taken."""
    fields = """
    @payload *_Atomic pointer;
    @pad(between)
    @payload two[2][@words];
    """
    functions = """
    @function(void, put, int i)
    {
    @spin(@load(o->pointer) != NULL)
    @payload *given = o->two[i & 1];
    @fill(given, i)  //- late
    @store(o->pointer, given)
    @fill(given, i)  //+ late
    }

    @function(void, get, int i)
    {
    @payload *taken;
    @check(o->two[i & 1], i)  //+ early
    @spin(!(taken = @load(o->pointer)))
    @check(taken, i)
    @store(o->pointer, NULL)
    }
    """
    bodies = (PUT_ALL, GET_ALL)


class Exchange(Primitive):
    """A pointer that the consumer takes by an exchange; a number says what was used."""
    fields = """
    @payload *_Atomic pointer;
    @pad(between)
    _Atomic int used;
    """
    functions = """
    @function(void, put, int i)
    {
    @spin(@load(o->used) < i - 1)
    @fill(o->data, i)  //- late
    @store(o->pointer, o->data)
    @fill(o->data, i)  //+ late
    }

    @function(void, get, int i)
    {
    @payload *taken;
    @check(o->data, i)  //+ early
    @spin(!(taken = @exchange(o->pointer, NULL)))
    @check(taken, i)  //- let_go
    @store(o->used, i)
    @check(taken, i)  //+ let_go
    }
    """
    bodies = (PUT_ALL, GET_ALL)


class Published(Primitive):
    """The newest of many objects, at which readers look once each time, and for which nobody waits."""
    meets = True
    fields = """
    @payload *_Atomic newest;
    @pad(between)
    @payload all[@rounds][@words];
    """
    bodies = ("""
    for (int i = 0; i < @rounds; i++) {
    @fill(o->all[i], i)  //- late
    @store(o->newest, o->all[i])
    @rest
    @fill(o->all[i], i)  //+ late
    }
    """, """
    for (int i = 0; i < @rounds; i++) {
    @payload *newest = @load(o->newest);
    if (newest) {
    @check_same(newest)
    }
    @rest
    }
    """)


class Chain(Primitive):
    """A list that is only put in front of; readers walk along it without waiting."""
    meets = True
    types = """
    struct @name(node) {
    struct @name(node) *next;
    int i;
    @payload data[@words];
    };
    """
    fields = "struct @name(node) *_Atomic head;"
    bodies = ("""
    for (int i = 1; i <= @rounds; i++) {
    struct @name(node) *node = calloc(1, sizeof(*node));
    node->i = i;
    @fill(node->data, i)  //- late
    node->next = @load(o->head, relaxed);
    @store(o->head, node)
    @rest
    @fill(node->data, i)  //+ late
    }
    """, """
    for (int i = 1; i <= @rounds; i++) {
    for (struct @name(node) *node = @load(o->head); node; node = node->next)
    @check(node->data, node->i)
    @rest
    }
    """)


class ReadCopyUpdate(Primitive):
    """A flag says that a reader is inside, and the writer waits for it before it uses a buffer again."""
    meets = True
    fields = """
    _Atomic int inside;
    @payload *_Atomic current;
    @pad(between)
    @payload two[2][@words];
    _Atomic int stop;
    """
    setup = "@fill(o->two[0], 0)\natomic_init(&o->current, o->two[0]);"
    bodies = ("""
    for (int i = 1; i <= @rounds; i++) {
    @payload *next = o->two[i & 1];
    @fill(next, i * 100)
    atomic_store(&o->current, next);
    @spin(atomic_load(&o->inside))
    @rest
    }
    @store(o->stop, 1)
    """, """
    while (!@load(o->stop)) {
    @payload *current;
    current = atomic_load(&o->current);  //+ early
    @linger  //+ early
    @check_same(current)  //+ early
    atomic_store(&o->inside, 1);
    current = atomic_load(&o->current);
    @check_same(current)
    atomic_store(&o->inside, 0);
    @linger  //+ let_go
    @check_same(current)  //+ let_go
    }
    """)


class Hazard(Primitive):
    """A hazard pointer: the reader says what it uses, and the writer leaves that alone."""
    meets = True
    fields = """
    @payload *_Atomic used;
    @payload *_Atomic current;
    @pad(between)
    @payload two[2][@words];
    _Atomic int stop;
    """
    setup = "@fill(o->two[0], 0)\natomic_init(&o->current, o->two[0]);"
    bodies = ("""
    for (int i = 1; i <= @rounds; i++) {
    @payload *next = o->two[i & 1];
    @spin(atomic_load(&o->used) == next)
    @fill(next, i * 100)
    atomic_store(&o->current, next);
    @rest
    }
    @store(o->stop, 1)
    """, """
    while (!@load(o->stop)) {
    @payload *current;
    do {
    current = atomic_load(&o->current);
    @linger  //+ early
    @check_same(current)  //+ early
    atomic_store(&o->used, current);
    } while (current != atomic_load(&o->current));
    @check_same(current)
    @store(o->used, NULL)
    @linger  //+ let_go
    @check_same(current)  //+ let_go
    }
    """)


class DoubleChecked(Primitive):
    """A pointer that is made under a mutex by whoever needs it first."""
    fields = """
    @payload *_Atomic made[@rounds];
    pthread_mutex_t mutex;
    """
    setup = "pthread_mutex_init(&o->mutex, NULL);"
    functions = """
    @function(@payload *, get, int i)
    {
    @payload *made = @load(o->made[i]);
    if (!made) {
    pthread_mutex_lock(&o->mutex);
    made = @load(o->made[i], relaxed);
    if (!made) {
    made = calloc(@words, sizeof(*made));
    @fill(made, i)  //- late
    @store(o->made[i], made)
    @fill(made, i)  //+ late
    }
    pthread_mutex_unlock(&o->mutex);
    }
    return made;
    }
    """
    bodies = ("for (int i = 0; i < @rounds; i++) {\n@payload *made = @call(get, i);\n@check(made, i)\n}",) * 2


class Once(Primitive):
    """What the first one makes, and the others wait for."""
    fields = """
    _Atomic int state[@rounds];
    @payload made[@rounds][@words];
    """
    functions = """
    @function(void, make, int i)
    {
    int state = @load(o->state[i]);
    if (state == 2)
    return;
    state = 0;
    if (atomic_compare_exchange_strong(&o->state[i], &state, 1)) {
    @fill(o->made[i], i)  //- late
    @store(o->state[i], 2)
    @fill(o->made[i], i)  //+ late
    return;
    }
    @spin(@load(o->state[i]) != 2)
    }
    """
    bodies = ("""
    for (int i = 0; i < @rounds; i++) {
    @check(o->made[i], i)  //+ early
    @call(make, i);
    @check(o->made[i], i)
    }
    """,) * 2


ALL = (Pointer, Exchange, Published, Chain, ReadCopyUpdate, Hazard, DoubleChecked, Once)
