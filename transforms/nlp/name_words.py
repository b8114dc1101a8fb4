"""Lower-cased words that decide whether a capitalised run is a name, and of what."""

# prepositions that a place follows
LOCATIVE = {"in", "near", "outside", "around", "across"}

CALENDAR = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
}  # fmt: skip

# what the model takes for names
NOT_NAMES = {"vbied", "vbieds", "uav", "uavs", "ied", "ieds", "covid", "covid-19", "question"}

# last word of a facility or feature
SITES = {
    "gate", "mosque", "airfield", "airport", "bridge", "river", "province", "district", "dam",
    "square", "mountain", "mountains", "lake", "valley", "island", "islands", "camp", "street",
    "road", "highway", "castle", "cathedral", "sea", "strait", "peninsula", "desert", "hills",
    "governorate", "county", "avenue", "stadium", "temple", "harbour", "harbor", "crossing",
}  # fmt: skip

# bodies named by one word, after "the"
SHORT = {
    "Coalition", "Alliance", "Council", "Commission", "Tribunal", "Authority", "Agency", "Bank",
    "Federation", "League", "Union", "Brotherhood", "Committee", "Party", "Front", "Assembly",
}  # fmt: skip

# documents, deeds and prizes: no actors
WORKS = {
    "operation", "resolution", "book", "act", "article", "chapter", "section", "treaty", "protocol",
    "award", "prize", "cup", "olympics", "internet", "constitution", "convention", "amendment",
    "accord", "agreement", "declaration", "plan", "strategy", "report", "bill", "charter", "pact",
}  # fmt: skip

# what stands before a ship's name
SHIPS = {"HMS", "USS", "HMAS", "HMCS", "INS", "USNS", "FS", "MV", "SS"}

# head of a body's name
ORG_HEADS = {
    "ministry", "department", "party", "army", "police", "court", "university", "council",
    "committee", "agency", "bank", "corp", "corp.", "inc", "inc.", "ltd", "ltd.", "group",
    "association", "union", "organization", "organisation", "institute", "commission",
    "parliament", "embassy", "front", "movement", "brigade", "forces", "authority",
    "foundation", "federation", "congress", "assembly", "bureau", "office", "company", "league",
    "coalition", "command", "service", "services", "center", "centre", "hospital", "airlines",
    "society", "network", "navy", "corps", "government", "regime", "militia",
}  # fmt: skip

# what only people do
PERSONAL = {
    "recall", "remember", "smile", "laugh", "cry", "walk", "sit", "stand", "wear", "marry",
    "graduate", "nod", "sleep", "weep", "sing", "pray", "grow", "feel", "sigh", "whisper",
    "shrug", "wake", "pause",
}  # fmt: skip

# what people do more often than bodies
SPEECH = {"say", "tell", "add", "explain", "ask", "reply", "admit", "insist", "believe", "think"}

# what only people have
KIN = {
    "wife", "husband", "father", "mother", "son", "daughter", "brother", "sister", "family",
    "parents", "lawyer", "lawyers", "face", "eyes", "hands", "life", "death", "friends", "friend",
    "cousin", "uncle", "children", "body", "birthday", "career",
}  # fmt: skip
