"""What the help centre is bounded by."""

#: Longest query kept, in characters.
LONGEST_QUERY = 100
#: Results shown to one search.
SHOWN = 12
#: Longest remark that a reader may leave, in characters.
LONGEST_REMARK = 500
#: Where the help centre stands, and the part of it that is written for the customers of workshops.
INDEX_PATH, CUSTOMERS_PATH = "/aide/", "/aide/clients/"
