"""Words that say nothing about what a number belongs to. Lower case throughout."""

from __future__ import annotations


def words(listed: str) -> frozenset[str]:
    """The words of a list that is written in one line after the other."""
    return frozenset(listed.split())


LITTLE_WORDS = words(
    "a about above after again ago all almost alright also always am an and another any anything are around as ask at back be because been "
    "before being below between both but by can could did do does doing done each either else even ever every feel feeling few for "
    "from get gets getting give go goes going gonna good got great had has have having he hello her here hey hi him his how i if in into is it "
    "its just kind know last least less let let's like little look looking looks lot make many may maybe me mean might mm more most much my "
    "need new next no not now of off oh ok okay old on once one only or other our out over past per perhaps pretty probably quite really "
    "right said same say says see seem she should since so some something sometimes still such sure take taking tell than thank thanks that "
    "that's the their them then there these they they're thing things think this those though thought through till time times to today "
    "together too try two uh um under until up us usually very want was way we we'll we're well went were what when where which while who "
    "why will with within without would yeah year years yep yes yet you you're your month months week weeks day days hour hours minute "
    "minutes i'm i've i'll it's don't didn't hmm huh mhm patient patients states state reports report reported noted notes note denies "
    "approximately currently current previously daily"
)
LINKS = words("o'clock am pm point dot percent degrees plus or minus times x s k th st nd rd")
"""They follow a number and are no thing that it counts."""
