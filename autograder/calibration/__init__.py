"""Gates from what was measured: the reference and other designs of a milestone searched and asked over many seeds.

- `designs`       other ways to build a milestone, each a small patch of the reference
- `companies`     the inputs of each seed, written once
- `search`        the search half of a design on a seed: cut, index, search, update, search again; no chat model
- `answers`       the answer half, from recordings and live
- `distribution`  figures over seeds, and the gates below them
- `report`        the table, the Markdown block and `<milestone>.gates.json`
- `command`       `audit --calibrate`
"""
