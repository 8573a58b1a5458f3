"""A small checker for the part of JSON Schema that docs/report.schema.json uses. Unknown words in a schema are errors."""
import json
import re

TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
SILENT = {"$schema", "$defs", "title", "description"}


def check(value, schema, root=None, path="$"):
    """Yields a line for everything that is wrong."""
    root = root or schema
    for word, rule in schema.items():
        if word in SILENT or word == "properties":
            continue
        if word == "$ref":
            yield from check(value, root["$defs"][rule.rsplit("/", 1)[1]], root, path)
        elif word == "type":
            names = rule if isinstance(rule, list) else [rule]
            if not any(TYPES[name](value) for name in names):
                yield f"{path} is {value!r}, not {' or '.join(names)}"
        elif word == "const":
            if value != rule:
                yield f"{path} is {value!r}, not {rule!r}"
        elif word == "enum":
            if value not in rule:
                yield f"{path} is {value!r}, not one of {rule}"
        elif word == "pattern":
            if isinstance(value, str) and not re.search(rule, value):
                yield f"{path} is {value!r}, not like {rule}"
        elif word == "minimum":
            if isinstance(value, int) and value < rule:
                yield f"{path} is {value}, less than {rule}"
        elif word == "required":
            for name in rule:
                if isinstance(value, dict) and name not in value:
                    yield f"{path} lacks {name}"
        elif word == "items":
            for at, item in enumerate(value if isinstance(value, list) else []):
                yield from check(item, rule, root, f"{path}[{at}]")
        elif word == "additionalProperties":
            for name, item in (value if isinstance(value, dict) else {}).items():
                known = schema.get("properties", {}).get(name)
                if known is not None:
                    yield from check(item, known, root, f"{path}.{name}")
                elif isinstance(rule, dict):
                    yield from check(item, rule, root, f"{path}.{name}")
                else:
                    # a member that the schema has no words for: readers may meet one, our own writer has none
                    yield f"{path}.{name} is not in the schema"
        else:
            yield f"the schema's word {word} is not known to this checker"


def check_file(path, schema_path):
    with open(path, encoding="utf-8") as data, open(schema_path, encoding="utf-8") as schema:
        return list(check(json.load(data), json.load(schema)))
