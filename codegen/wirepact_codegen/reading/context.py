"""What the parts of reading share while they read one document."""

from dataclasses import dataclass

from wirepact_codegen.errors import Findings, Place
from wirepact_codegen.naming import spelled, words
from wirepact_codegen.reading.messages import Messages
from wirepact_codegen.reading.schemas import Schemas
from wirepact_codegen.reading.servers import Servers
from wirepact_codegen.source import Document, Node, Sources
from wirepact_codegen.vocabulary import chosen_name


@dataclass(frozen=True, slots=True)
class Context:
    """The document, what was resolved so far, and the faults found so far."""

    document: Document
    sources: Sources
    findings: Findings
    schemas: Schemas
    messages: Messages
    servers: Servers
    is_clients_view: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether the document was written with our vocabulary in mind, and so must say all of it."""
        return "x-perspective" in self.document.root

    def hears(self, operation: Node) -> bool:
        """Whether the server receives what *operation* is about, whoever's view the document takes."""
        return (operation.text("action") == "receive") != self.is_clients_view

    def follow(self, node: Node) -> Node | None:
        """What *node* is or refers to."""
        return self.sources.follow(node)

    def binding(self, node: Node, protocol: str) -> Node | None:
        """What *node* says of one protocol alone (`bindings`), wherever that is written."""
        every = self.get(node, "bindings")
        return self.get(every, protocol) if every is not None else None

    def get(self, node: Node, key: str) -> Node | None:
        """What stands under *key*, or what that refers to."""
        found = node.get(key)
        return self.follow(found) if found is not None else None

    def stem(self, node: Node, name: str = "") -> str:
        """What the names of *node* in the code are made of, if that is not its *name*, its key if nothing is said."""
        chosen, key = chosen_name(node), name or node.key
        if chosen or words(key):
            return chosen
        sentence = f'"{key}" has no letter or digit that anything could be named after'
        if self.is_ours:
            self.findings.add("WP602", node.key_place, sentence, 'give it an "x-name"')
        else:
            called = f'{sentence}: it is called "{spelled(key)}" here'
            self.findings.warn("WP602", node.key_place, called, 'choose another with "x-name"')
        return ""

    def fault(
        self, rule: str, place: Place, sentence: str, suggestion: str = "", *, otherwise: str = ""
    ) -> None:
        """Note what refuses a document that was written for us, and is only listed of a stranger's.

        *otherwise* says what is made of it then.
        """
        if self.is_ours:
            self.findings.add(rule, place, sentence, suggestion)
        else:
            self.findings.warn(rule, place, "; ".join(filter(None, (sentence, otherwise))), suggestion)

    def add(self, rule: str, node: Node, sentence: str, suggestion: str = "") -> None:
        """Note a fault of the value at *node*."""
        self.findings.add(rule, node.place, sentence, suggestion)
