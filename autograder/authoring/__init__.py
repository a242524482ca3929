"""From `solutions/**.md` to the notebooks people read and work in.

- `source`    one MyST file: its front matter, its cells, where its notebooks go
- `tags`      short cell tags become nbgrader metadata
- `release`   nbgrader's own preprocessors take the solutions out
- `execute`   runs the solution notebook against the embedded gateway, from recordings
- `product`   the two notebooks of a source: whether they are in step with it, and writing them
- `leaks`     no line of a solution may be found in a release
- `shape`     what every notebook must have, and its statistics; `numbers` looks at figures in the prose
- `coverage`  where in the course each of the things to be covered is covered
- `command`   `build`
"""
