"""Who is spoken of: names, nominals and pronouns as mentions of the people and bodies they mean.

Rule: takes names and places, gives one `EntityLayer` an article; knows no event.
"""
