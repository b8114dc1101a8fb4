"""What is said of an event: whether it is told as fact, how many, and in whose words.

Rule: reads clauses and entities; decides no event.
"""
