"""All primitives, by name."""
import primitives_flags

FAMILIES = (primitives_flags,)
PRIMITIVES = {primitive.name(): primitive for family in FAMILIES for primitive in family.ALL}
