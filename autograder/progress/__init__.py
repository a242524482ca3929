"""Where a learner is: what of the path has been done, what comes next, and when the ninety days are over.

- `path`      the steps of the course, as far as they are built, with what has been passed
- `plan`      ninety days from the first day, with dates
- `pace`      exercises passed from day to day, beside the plan
- `page`      all of it as one HTML page
- `here`      the same for the cells of `phases/0_start_here.ipynb`
- `command`   `progress`;  `watch` re-checks a notebook whenever it is saved
"""
