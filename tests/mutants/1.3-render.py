"""Faults that learners make in 1.3-render."""

MUTANTS = [
    ("replaces names by hand", "renders", "environment.from_string(template).render(variables)", "re.sub(r'{{ *(\\w+) *}}', lambda m: str(variables.get(m[1], '')), template)"),
    ("trusts StrictUndefined", "missing", "    if missing or extra:", "    if extra:"),
    ("lets the engine's own error out", "missing", "    if missing or extra:", "    if missing:\n        raise jinja2.UndefinedError(str(missing))\n    if extra:"),
    ("renders with holes", "missing", "undefined=jinja2.StrictUndefined", "", "    if missing or extra:", "    if extra:"),
    ("looks for variables in double braces only", "missing", "jinja2.meta.find_undeclared_variables(environment.parse(template))", "set(re.findall(r'{{ *(\\w+) *}}', template)) & set(variables)"),
    ("does not say what is missing", "missing", "missing variables: {missing}; variables that the template does not have: {extra}", "the variables do not fit"),
    ("ignores what nobody uses", "extra", "    if missing or extra:", "    if missing:"),
    ("does not say what is too much", "extra", "{extra}", "some"),
    ("drops what nobody uses", "extra", "missing, extra = sorted(wanted - variables.keys()), sorted(variables.keys() - wanted)", "variables = {k: v for k, v in variables.items() if k in wanted}\n    missing, extra = sorted(wanted - variables.keys()), []"),
    ("renders twice", "literal", "return environment.from_string(template).render(variables)", "return environment.from_string(environment.from_string(template).render(variables)).render(variables)"),
    ("escapes as for a web page", "literal", "undefined=jinja2.StrictUndefined", "undefined=jinja2.StrictUndefined, autoescape=True"),
    ("refuses braces in values", "literal", "    if missing or extra:", "    if any('{' in str(v) for v in variables.values()):\n        raise ValueError('braces')\n    if missing or extra:"),
]
