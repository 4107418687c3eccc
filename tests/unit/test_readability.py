"""Flesch-Kincaid: syllables against a table, the formula against counts by hand."""

from __future__ import annotations

import pytest

from daemon.faithfulness.readability import readability, syllables

# Counted by hand after the entries of American dictionaries.
TABLE = """
the 1 call 1 doctor 2 medicine 3 take 1 every 2 hours 1 needed 2 stopped 1 wanted 2 walked 1 rested 2 pressure 2
breathing 2 trouble 2 little 2 table 2 tablets 2 people 2 bottle 2 apples 2 pills 1 side 1 effects 2 dizzy 2
nausea 3 vomiting 3 diarrhea 4 fever 2 temperature 4 swelling 2 bruise 1 bleeding 2 severe 2 allergic 3 reaction 3
emergency 4 hospital 3 appointment 3 visit 2 weeks 1 today 2 tomorrow 3 morning 2 evening 2 bedtime 2 daily 2
exercise 3 exercises 4 diet 2 salt 1 sugar 2 diabetes 4 hypertension 4 cholesterol 4 blood 1 heart 1 kidney 2
stomach 2 intestine 3 antibiotic 5 antibiotics 5 ibuprofen 4 acetaminophen 6 aspirin 3 insulin 3 prescription 3
pharmacist 3 pharmacy 3 refill 2 missed 1 dose 1 doses 2 double 2 careful 2 carefully 3 something 2 someone 2
sometimes 2 anything 3 everything 3 question 2 questions 2 write 1 written 2 guide 1 guidance 2 create 2 area 3
fluid 2 fluids 2 being 2 lying 2 trying 2 staying 2 science 2 patient 2 patients 2 physician 3 clinician 3 nurse 1
nurses 2 changes 2 changed 1 dressing 2 bandage 2 wounds 1 cleaned 1 washes 2 inches 2 noses 2 eyes 1 ears 1
throat 1 tongue 1 chest 1 lungs 1 inhaler 3 asthma 2 infection 3 pneumonia 3 bronchitis 3 arthritis 3
osteoarthritis 6 elbow 2 shoulder 2 ankle 2 sprain 1 ice 1 minutes 2 pillow 2 elevate 3 elevated 4 level 2 levels 2
reliable 4 variety 4 period 3 serious 3 various 3 previous 3 obvious 3 medication 4 medications 4 radiation 4
region 2 religion 3 obese 2 obesity 4 vaccine 2 immunization 5 quiet 2 quit 1 require 2 required 2 usually 4
manual 3 evaluate 4 schedule 2 physiology 5 biopsy 3 colonoscopy 5 ultrasound 3 mammogram 3 cream 1 ointment 2
seizure 2 confused 2 drowsy 2 alcohol 3 smoking 2 cigarettes 3 pregnant 2 breastfeeding 3 children 2 safely 2
lately 2 tired 2 worse 1 worsen 2 circle 2 muscle 2 muscles 2 ankles 2 whole 1 rule 1 rules 1 while 1 file 1
meals 1 fatigue 2 chew 1 swallowed 2 lips 1 faint 1 droops 1 herbs 1 poison 2 prevented 3 handled 2 settled 2
sore 1 sores 1 MRI 3 ER 2 CBC 3 b.i.d. 3 150 5 20 2 911 3 500 3 2.5 3 don't 1 you're 1 it's 1 patient's 2 about 2
above 2 accident 3 after 2 again 2 against 2 allow 2 alone 2 always 2 animal 3 answer 2 apply 2 arms 1 asleep 2
baby 2 balance 2 bathroom 2 because 2 before 2 began 2 believe 2 belly 2 beside 2 better 2 beverage 3 bicycle 3
bite 1 bites 1 bladder 2 blister 2 boiled 1 bones 1 brace 1 braces 2 breath 1 breathe 1 brushes 2 burned 1 butter 2
calcium 3 calories 3 candle 2 capable 3 cast 1 cause 1 causes 2 cereal 3 chance 1 chicken 2 choose 1 clinic 2
clothing 2 coffee 2 comfort 2 common 2 complete 2 contain 2 control 2 cough 1 coughing 2 cousin 2 crutches 2
daughter 2 decide 2 dehydrated 4 dentist 2 describe 2 difficult 3 discharge 2 disease 2 distance 2 driving 2
early 2 easily 3 eight 1 either 2 employer 3 energy 3 enough 2 example 3 experience 4 explain 2 family 3 feeling 2
fingers 2 follow 2 forehead 2 fruit 1 gentle 2 gently 2 gluten 2 grain 1 habit 2 headache 2 healthy 2 hearing 2
helpful 2 hurts 1 idea 3 important 3 improve 2 improved 2 include 2 increase 2 injury 3 instead 2 instructions 3
itching 2 juice 1 kitchen 2 knees 1 language 2 laugh 1 leakage 2 leave 1 liquid 2 liquids 2 liver 2 maybe 2
measure 2 mild 1 mouth 1 movement 2 naked 2 natural 3 neighbor 2 nervous 2 normal 2 notice 2 noticed 2 nothing 2
numbness 2 office 2 often 2 oxygen 3 package 2 painful 2 parent 2 peanut 2 piece 1 pieces 2 positive 3 possible 3
potatoes 3 prevent 2 problem 2 protein 2 purple 2 quickly 2 raise 1 raised 1 ready 2 recipe 3 reduce 2 relief 2
remove 2 removed 2 report 2 routine 2 rough 1 sauce 1 school 1 sciatica 4 sedative 3 shoes 1 shower 2 slowly 2
smoke 1 snacks 1 soap 1 sodium 3 spaces 2 spicy 2 squeeze 1 stiffness 2 stitches 2 support 2 surface 2 surgery 3
sweat 1 symptom 2 symptoms 2 syrup 2 teaspoon 2 therapy 3 thermometer 4 tightness 2 tissue 2 together 3 toilet 2
toothache 2 treat 1 treatment 2 ulcers 2 under 2 unusual 4 urine 2 vegetables 4 vision 2 vitamin 3 vitamins 3
weakness 2 wheezing 2 wrapped 1 yogurt 2 younger 2 metformin 3 lisinopril 4 amoxicillin 5 albuterol 4 prednisone 3
atorvastatin 5 ureter 3 biology 4 dialysis 4 anxious 2 cautious 2 anesthesia 5 hemorrhoid 3 thyroid 2
"""
WORDS = dict(zip(TABLE.split()[::2], map(int, TABLE.split()[1::2]), strict=True))


def test_syllables_agree_with_the_table() -> None:
    wrong = {word: (syllables(word), count) for word, count in WORDS.items() if syllables(word) != count}
    assert len(WORDS) >= 400
    assert len(wrong) / len(WORDS) <= 0.03, wrong
    assert all(abs(mine - right) == 1 for mine, right in wrong.values())


def test_the_grade_is_that_of_the_formula() -> None:
    measured = readability(
        ["The cat sat on the mat.", "Take two pills every day with some water after you eat a meal."]
    )
    assert measured is not None
    # 6 words and 6 syllables; 13 words and 16 syllables.
    assert measured.grade == round(0.39 * 19 / 2 + 11.8 * 22 / 19 - 15.59, 1)
    assert measured.sentences[0][1].startswith("Take two pills")


def test_an_item_without_a_stop_is_a_sentence_and_so_is_its_lead_in() -> None:
    measured = readability(["Call us if you have:", "chest pain", "trouble breathing"])
    assert measured is not None
    assert [text for _, text in measured.sentences] == ["trouble breathing", "Call us if you have:", "chest pain"]


@pytest.mark.parametrize("nothing", [[], [""], ["—", "..."]])
def test_without_words_there_is_no_grade(nothing: list[str]) -> None:
    assert readability(nothing) is None


def test_harder_words_and_longer_sentences_read_harder() -> None:
    easy, hard = (
        readability(["Take it with food."]),
        readability(["Concomitant administration with meals is recommended."]),
    )
    assert easy is not None
    assert hard is not None
    assert easy.grade < 3
    assert hard.grade > 12
