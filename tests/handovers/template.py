"""Templates of C. A primitive is written as C with directives, `@name` or `@name(arguments)`, which a shape's methods of
these names replace; and with marks at the ends of lines, which say what a broken form does otherwise:

    @fill(o->data, i)    //- late       a line that the form leaves out
    @store(o->full, 1)
    @fill(o->data, i)    //+ late       a line that it alone has

So the correct program and its broken forms differ in these lines, and in nothing that was drawn. A primitive may have
variants, which are drawn; a line with `//= cached` is of that variant alone.
"""
import re

MARK = re.compile(r"\s*//([-+=]) ([\w, ]+)$")
DIRECTIVE = re.compile(r"@(\w+)(\()?")


def marks(line):
    """The line without its marks, and these: a sign and names each."""
    found = []
    while mark := MARK.search(line):
        found.append((mark.group(1), mark.group(2).split(", ")))
        line = line[:mark.start()]
    return line, found


def select_variant(text, variant):
    """The lines of one variant; those without a mark for variants are of all."""
    return "\n".join(line for line in text.splitlines()
                     if all(sign != "=" or variant in names for sign, names in marks(line)[1]))


def forms(text):
    """All broken forms that the marks of a text name."""
    found = [name for line in text.splitlines() for sign, names in marks(line)[1] if sign != "=" for name in names]
    return list(dict.fromkeys(found))


def select_form(text, form):
    """The lines of one form; of the correct program, where it is None."""
    lines = []
    for line in text.splitlines():
        bare, found = marks(line)
        if all((form in names) == (sign == "+") for sign, names in found if sign != "="):
            lines.append(bare)
    return "\n".join(lines)


def arguments(text, start):
    """The arguments of a directive, split at its own commas, and where they end."""
    depth, words, word = 0, [], start
    for at in range(start, len(text)):
        letter = text[at]
        if letter in "([{":
            depth += 1
        elif letter in ")]}" and depth:
            depth -= 1
        elif letter in ",)" and not depth:
            words.append(text[word:at].strip())
            word = at + 1
            if letter == ")":
                return words, at + 1
    raise ValueError(f"no end of the arguments: {text[start:start + 60]}")


def expand(text, shape):
    """Replaces all directives, those in arguments first. What is drawn for one is named by its text."""
    pieces, at = [], 0
    while found := DIRECTIVE.search(text, at):
        pieces.append(text[at:found.start()])
        words, at = arguments(text, found.end()) if found.group(2) else ([], found.end())
        shape.place = text[found.start():at]
        words = [expand(word, shape) for word in words]
        shape.place = text[found.start():at]
        pieces.append(getattr(shape, f"put_{found.group(1)}")(*words))
    return "".join(pieces) + text[at:]


def lay_out(text):
    """Indents by braces, and statements behind a condition of their own; leaves out what empty lines mean nothing."""
    lines, depth, hanging = [], 0, 0
    for line in (line.strip() for line in text.splitlines()):
        closing = line.startswith("}")
        if closing and lines and not lines[-1]:
            lines.pop()
        if not line and (not lines or not lines[-1] or depth or lines[-1].endswith("{")):
            continue
        depth -= closing
        indent = depth - line.startswith(("case ", "default:")) + (0 if line.startswith("{") else hanging)
        lines.append("\t" * indent + line if line else "")
        depth += line.count("{") - line.count("}") + closing
        header = re.match(r"(\} )?(else )?(if|for|while) \(|else$|do$", line) and not line.endswith(("{", "}", ";"))
        hanging = hanging + 1 if header else 0
    return "\n".join(lines) + "\n"
