"""All primitives, by name."""
import primitives_barriers
import primitives_flags
import primitives_locks
import primitives_pointers
import primitives_rings
import primitives_scans
import primitives_stacks

FAMILIES = (primitives_flags, primitives_locks, primitives_rings, primitives_stacks, primitives_pointers, primitives_scans,
            primitives_barriers)
PRIMITIVES = {primitive.name(): primitive for family in FAMILIES for primitive in family.ALL}
# Two or three beside each other: one's order must not stand for the other's.
COMBINED = ("sequence+ticket", "ring+look_and_set", "state+stack", "barrier+double_checked", "pointer+mcs+parity",
            "scan+futex_lock", "once+tail+bounded_queue", "hazard+references")
ALL = (*PRIMITIVES, *COMBINED)
