"""Every rule that a document is held to, by the number that its findings carry.

Numbers are never used again for something else: people waive, search and talk by them.
"""

from collections.abc import Mapping

RULES: Mapping[str, str] = {
    # reading a file
    "WP001": "The file can be read, and is UTF-8.",
    "WP002": "The file is YAML 1.2 or JSON, one document, with values that JSON has.",
    "WP003": "A key stands only once in a mapping.",
    # the shape of the document
    "WP101": "A value is of the type that AsyncAPI gives it.",
    "WP102": "A key is one that AsyncAPI knows where it stands.",
    "WP103": "A key that AsyncAPI requires is there.",
    "WP104": "A reference leads somewhere.",
    "WP105": "What AsyncAPI offers and is not supported yet is not used.",
    "WP106": "Nothing stands beside a reference, where it would be ignored.",
    "WP107": "The document is AsyncAPI 3.0 or 3.1, or 2.x, which is lifted to it.",
    "WP108": "The document says whose view it takes.",
    # our own keys
    "WP201": "A key of ours holds what its schema says.",
    "WP203": "A key that looks like one of ours is one.",
    "WP204": "A key of ours stands where it means something.",
    "WP210": "The error message has a code and a text, and nothing else that the server would have to invent.",
    "WP211": "What is sent on connect is a message of the channel that an operation sends to the sender.",
    "WP212": "A group is the audience of some operation.",
    "WP213": "A send operation says whom its messages go to.",
    "WP214": "What can be recovered goes to more than the sender, in frames that have room for a position.",
    "WP215": "The key of what is kept as the latest is a required text or integer of every message of the operation.",
    "WP216": "The reason of a close code fits into a close frame: 123 bytes.",
    "WP217": "What is done with a slow consumer breaks no promise of recovery.",
    "WP218": "Where users or roles matter, somebody says who they are.",
    "WP219": "What one audience can recover as a stream is kept alike.",
    "WP220": "A waiver has not ended.",
    "WP221": "A waiver is about something that is found.",
    "WP222": "A waiver is about a rule that there is, and about a warning.",
    "WP223": "A limit can be reached before another one is.",
    "WP224": "The messages of a heartbeat go the right ways, with nothing in them that nobody could fill.",
    "WP225": "The messages of presence go to all at the channel, with nothing in them that the server could not fill.",
    "WP226": "An alias is another value of the one constant that tells messages apart, and no other message has it.",
    "WP227": "What is said when the server stops is sent to the sender, with nothing in it that the server could not fill.",
    # channels and operations
    "WP301": "A channel has an address, and it is a path.",
    "WP302": "An address has no query string.",
    "WP303": "The parameters of an address are those that are declared.",
    "WP304": "A channel is on WebSocket servers or on HTTP servers.",
    "WP305": "The messages of an operation are messages of its channel.",
    "WP306": "A reply goes back where the question came from, with messages of that channel.",
    "WP307": "A message of a channel is used by one of its operations.",
    "WP308": "A security scheme is a token in a place where the server looks, the same for everything on a connection.",
    "WP309": "A server speaks WebSocket or HTTP.",
    "WP310": "An operation of an HTTP channel is one request with its answers.",
    "WP311": "An operation of a WebSocket channel has a message.",
    "WP312": "A channel has an operation; a channel among the components, or a message that is one of several, is used.",
    "WP313": "Channels at one address agree on what holds for their connection, and no two requests share a method and a path.",
    "WP314": "A message is received by one operation of a channel.",
    "WP315": "A query, and the headers of a handshake, are texts under names: no objects, no lists of lists.",
    "WP316": "The host of a server is a host, and its pathname a path.",
    "WP317": "The variables of a server are those that stand in its address, each with a default among its values.",
    "WP318": "The servers of a channel have the same path.",
    "WP319": "The values, the default and the examples of a parameter are of its type, and agree.",
    "WP320": "A parameter is a text, or an integer, of which no more is said than its values.",
    "WP321": "No path leads to two services that are served together.",
    # schemas
    "WP401": "A schema is a JSON Schema.",
    "WP403": "A keyword is one that the emitted models enforce.",
    "WP404": "A keyword is one of JSON Schema.",
    "WP405": "A keyword is about the type that the schema has.",
    "WP406": "A required property is among the properties.",
    "WP407": "A format is one that the emitted models enforce.",
    "WP408": "A pattern is one that the emitted models can use.",
    "WP409": "Beside a reference stands nothing that constrains.",
    "WP410": "The branches of a oneOf exclude each other.",
    "WP411": "What has properties says that it is an object.",
    "WP412": "A schema is written as JSON Schema, or in a dialect of it.",
    # telling messages apart
    "WP501": "No frame is two messages of one direction of a channel.",
    "WP502": "Any two messages of one direction of a channel are shown to exclude each other.",
    # names
    "WP601": "No two types, and no two services, have the same name.",
    "WP602": "A name has a letter or a digit to be named after.",
    "WP603": "No two things get the same name in the code.",
    # examples
    "WP701": "An example of a message fits its schema.",
    "WP702": "A default fits its schema.",
    # what goes wrong on a WebSocket
    "WP801": "One slash stands between the path of a server and the address of a channel.",
    "WP802": "A browser can send one of the credentials of a WebSocket server.",
    "WP803": "A discriminator is a required property.",
    "WP804": "A correlation id is in the payload, at a required property.",
    "WP805": "A browser can send what a handshake requires.",
    "WP806": "The constant of a discriminator is the name of the schema that has it.",
}
"""The rules, each as the claim that a finding denies."""
