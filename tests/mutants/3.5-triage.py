"""Faults that learners make in 3.5-triage."""

MUTANTS = [
    ("looks for the stage from the end", "stages", "for stage, there in tests.items():", "for stage, there in reversed(tests.items()):"),
    ("takes the five shown for the fifty", "stages", 'among(case["top"], source)', 'among(case["shown"], source)'),
    ("never looks at the prompt", "stages", 'lambda source: holds(case["prompt"], source["quote"])', "lambda source: True"),
    ("blames the prompt for the model", "stages", 'return "model"', 'return "prompt"'),
    ("wants every source", "needs", "if {source[\"need\"] for source in case[\"sources\"] if there(source)} != needs:", "if not all(map(there, case[\"sources\"])):"),
    ("is content with one source", "needs", "if {source[\"need\"] for source in case[\"sources\"] if there(source)} != needs:", "if needs and not any(map(there, case[\"sources\"])):"),
    ("looks at the first source only", "needs", "for source in case[\"sources\"] if there(source)}", "for source in case[\"sources\"][:1] if there(source)}"),
    ("takes the words from any document", "document", 'if chunk["document"] == source["document"]]', "]"),
    ("compares a reply letter by letter", "right", 'matches(case["answers"], case["reply"])', 'case["reply"] in case["answers"]'),
    ("finds a fault in silence", "right", 'or not (case["sources"] or case["reply"])', ""),
    ("blames the prompt for the model, also in what was recorded", "recorded", 'return "model"', 'return "prompt"'),
    ("compares words letter by letter", "stages", 'holds(chunk["text"], source["quote"])', 'source["quote"] in chunk["text"]'),
    ("takes any silence for right", "stages", 'not (case["sources"] or case["reply"])', 'not case["reply"]'),
]
