"""What a primitive says of itself: templates of C (template.py), in which `o->` is the object that the threads share."""
import template

PUT_ALL = "for (int i = 1; i <= @rounds; i++)\n@call(put, i);"
GET_ALL = "for (int i = 1; i <= @rounds; i++)\n@call(get, i);"


class Primitive:
    variants = ("",)
    meets = False  # the threads begin at the same time: where each runs on without the others
    fields = ""  # of the object, besides @payload data[@words]
    types = ""  # in front of the object's
    setup = ""  # before there are threads
    functions = ""
    bodies = ()  # of the threads, in the order that they are made in
    between = ""  # of the main thread, while the others run
    after = ""  # of the main thread, when they have ended

    def __init__(self, shape):
        self.shape = shape
        self.variant = shape.choose("variant", self.variants)

    @classmethod
    def name(cls):
        letters = (f"_{letter.lower()}" if letter.isupper() else letter for letter in cls.__name__)
        return "".join(letters).lstrip("_")

    def texts(self):
        return (self.types, self.fields, self.setup, self.functions, *self.bodies, self.between, self.after)

    def forms(self):
        """The broken forms of this program."""
        texts = (template.select_variant(text, self.variant) for text in self.texts())
        return list(dict.fromkeys(form for text in texts for form in template.forms(text)))
