"""Faults that learners make in 3.4-bm25."""

MUTANTS = [
    ("lets every repetition count in full", "score", "times * (k1 + 1) / (times + k1 * pay)", "times"),
    ("uses the idf of the textbook, which is negative for common words", "score", "math.log(1 + (", "math.log(("),
    ("forgets that the logarithm is over rarity", "score", "self.count - len(held) + 0.5) / (len(held) + 0.5)", "self.count + 1) / (len(held) + 1)"),
    ("forgets the constant on top", "score", "times * (k1 + 1)", "times"),
    ("counts a word once per passage in the length", "score", "sum(bag.values())", "len(bag)"),
    ("divides the average by the length", "score", "self.lengths[row] / self.average", "self.average / self.lengths[row]"),
    ("takes the defaults of another library", "score", "self, passages, k1=1.2", "self, passages, k1=1.5"),
    ("demands that k1 and b are given", "score", "self, passages, k1=1.2, b=0.75", "self, passages, k1, b"),
    ("goes on adding to the sums of the last search", "score", "sums = {}", "sums = vars(self).setdefault('sums', {})"),
    ("ignores k1 and b", "settings", "k1, b = self.settings", "k1, b = 1.2, 0.75"),
    ("swaps k1 and b", "settings", "k1, b = self.settings", "b, k1 = self.settings"),
    ("lets b weigh the wrong side", "settings", "1 - b + b * self", "b + (1 - b) * self"),
    ("cuts the query at spaces", "words", "in words(query):", "in query.lower().split():"),
    ("looks for the query as it was typed", "words", "in words(query):", "in re.findall(r'\\w+', query):"),
    ("counts a repeated word of the query once", "words", "in words(query):", "in sorted(set(words(query))):"),
    ("puts the last passage first among equals", "order", "(-pair[1], pair[0])", "(-pair[1], -pair[0])"),
    ("sorts by row", "order", "key=lambda pair: (-pair[1], pair[0])", "key=lambda pair: pair[0]"),
    ("returns everything", "order", "[:depth]", ""),
    ("returns what shares nothing as well", "nothing", "sums = {}", "sums = dict.fromkeys(range(self.count), 0.0)"),
    ("divides by no passages", "nothing", "/ max(self.count, 1)", "/ self.count"),
]
