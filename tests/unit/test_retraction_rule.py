"""What was taken back and is repeated all the same; " | " parts the passages."""

from __future__ import annotations

import pytest

from daemon.faithfulness.evidence import PassageIndex
from daemon.faithfulness.rules.retraction import retraction_findings
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

REPEATED = (
    ('Increase lisinopril to 40 mg daily. | No, make that 20 mg daily.', 'Increase lisinopril to 40 mg daily.'),
    ('Start amoxicillin 500 mg three times a day. | Scratch that, start azithromycin 250 mg.', 'Start amoxicillin 500 mg three times a day.'),
    ('The left knee is swollen, sorry, the right knee is swollen.', 'The left knee is swollen.'),
    ("We will order an MRI of the lumbar spine. | Actually, let's hold off on the MRI for now.", 'We will order an MRI of the lumbar spine.'),
    ('Follow up in two weeks. | Correction, follow up in four weeks.', 'Follow up in two weeks.'),
    ('Give her 10 units of Lantus at bedtime, I mean 12 units.', 'Give her 10 units of Lantus at bedtime.'),
    ('Refer to cardiology. | Strike that, refer to pulmonology.', 'Refer to cardiology.'),
    ('Patient is allergic to sulfa, wait, no, penicillin.', 'Patient is allergic to sulfa.'),
    ("Start warfarin 5 mg nightly. | On second thought, let's use apixaban 5 mg twice daily.", 'Start warfarin 5 mg nightly.'),
    ('Schedule the colonoscopy for next month. | Never mind, she had one last year.', 'Schedule the colonoscopy for next month.'),
    ('Tenderness over the right wrist. | No, sorry, not the right, the left wrist.', 'Tenderness over the right wrist.'),
    ("i'll write you for tramadol fifty milligrams every six hours . | actually no , let's not do the tramadol , just stay with the ibuprofen .", 'Start tramadol 50 mg every 6 hours.'),
    ('Prednisone 40 mg for 7 days. | Excuse me, 5 days.', 'Prednisone 40 mg for 7 days.'),
    ("and i wan na repeat the a1c in a couple weeks , or , i'm sorry , a couple months .", 'Repeat hemoglobin A1c in a couple weeks.'),
    ('Instead of metoprolol we will use carvedilol 6.25 mg twice a day.', 'Start metoprolol.'),
    ('Order a chest x-ray. | Cancel that, order a CT of the chest.', 'Order a chest x-ray.'),
    ('Discharge him on oxycodone 5 mg. | Let me rephrase, discharge him on acetaminophen 1000 mg.', 'Discharge on oxycodone 5 mg.'),
    ('Give 10 units of Lantus, correction, 12 units every 12 hours.', 'Give 10 units of Lantus.'),
    ('Give 10 units of Lantus. | Correction, 12 units per day.', 'Give 10 units of Lantus.'),
    ('She is a 56 year old female, correction, 65 year old female.', 'She is a 56-year-old female.'),
    ('Patient had a hysterectomy in 2010, no, 2012.', 'Hysterectomy in 2010.'),
    ('Continue gabapentin 300 mg three times daily. | I take that back, we will stop the gabapentin.', 'Continue gabapentin 300 mg three times daily.'),
    ('Biopsy of the left breast mass is scheduled. | Forget that, the biopsy was already done.', 'Biopsy of the left breast mass is scheduled.'),
    ('Give 10 mg correction 20 mg of lisinopril.', 'Give lisinopril 10 mg.'),
    ('Start 10mg correction 20mg of lisinopril.', 'Start lisinopril 10 mg.'),
    ('Temperature is 101.4, let me correct that, 100.4.', 'Temperature is 101.4.'),
    ('Ceftriaxone 1 g IV daily. | Disregard that. Ceftriaxone 2 g IV daily.', 'Ceftriaxone 1 g IV daily.'),
    ("we can try the injection today . | yeah you know what , let's wait on the injection and see how therapy goes .", 'Injection will be performed today.'),
    ('His sister had colon cancer, or rather his mother had colon cancer.', 'His sister had colon cancer.'),
    ('Admit to the ICU. | Delete that, admit to telemetry.', 'Admit to the ICU.'),
    ('Her last menstrual period was June 3rd. | Oops, July 3rd.', 'Last menstrual period was June 3rd.'),
    ("Take the sertraline in the evening. | Let's change that to the morning.", 'Take sertraline in the evening.'),
    ("i'd like to start you on ozempic . | hmm , well no , let's skip the ozempic because of your pancreatitis .", 'Start Ozempic.'),
    ('Suture removal in 7 days. | Ignore that, in 10 days.', 'Suture removal in 7 days.'),
    ('The patient smokes two packs a day, I misspoke, one pack a day.', 'The patient smokes two packs a day.'),
    ('Apply mupirocin twice daily. No wait, three times daily.', 'Apply mupirocin twice daily.'),
    ('Levothyroxine 112 mcg. | That should be 125 mcg.', 'Levothyroxine 112 mcg.'),
    ('Physical therapy for the right shoulder. | I meant the left shoulder.', 'Physical therapy for the right shoulder.'),
    ('Cataract in the right eye. | Let me back up, cataract in the left eye.', 'Cataract in the right eye.'),
    ("Let's get an echocardiogram. | Actually, we don't need the echocardiogram, you had one in May.", 'Echocardiogram ordered.'),
    ('Give clindamycin 300 mg, sorry, 150 mg every six hours.', 'Clindamycin 300 mg every 6 hours.'),
    ('Patient lives with her husband. | Rather, she lives with her daughter.', 'Patient lives with her husband.'),
    ('Plan is for a total hip replacement in March, make it April.', 'Total hip replacement in March.'),
    ('The wound is on the left foot. Strike the last sentence. The wound is on the left heel.', 'The wound is on the left foot.'),
    ('Discontinue the heparin drip at 0600. | Sorry, at 0800.', 'Discontinue the heparin drip at 0600.'),
    ('Assessment is acute bronchitis. | Strike that. Assessment is community acquired pneumonia.', 'Assessment is acute bronchitis.'),
    ('MRI brain with contrast, no, without contrast.', 'MRI brain with contrast.'),
    ("so i'm going to send you to dermatology . | actually , wait , let's hold off on the dermatology referral until the biopsy is back .", 'Referral to dermatology.'),
    ('Vancomycin one gram every twelve hours, make that every eight hours.', 'Vancomycin 1 g every 12 hours.'),
    ('She has had two pregnancies, correction, three pregnancies.', 'She has had two pregnancies.'),
    ("Refer to orthopedics for the left hip. | I'm sorry, for the right hip.", 'Refer to orthopedics for the left hip.'),
    ('Start Eliquis 5 mg twice a day. | Scratch that, her insurance does not cover it, start Xarelto 20 mg daily.', 'Start Eliquis 5 mg twice a day.'),
    ('Blood pressure 148/92, excuse me, 142/88.', 'Blood pressure 148/92.'),
    ("we'll do the stress test next week . | you know what , i don't think you need the stress test , let's skip it .", 'Stress test next week.'),
    ('Past surgical history appendectomy in 1998. Correction, cholecystectomy in 1998.', 'Appendectomy in 1998.'),
    ('Patient quit smoking ten years ago, I mean twenty years ago.', 'Patient quit smoking ten years ago.'),
    ('Mirtazapine 15 mg at bedtime. | No, scratch that, trazodone 50 mg at bedtime.', 'Mirtazapine 15 mg at bedtime.'),
    ('Her father died of a heart attack, sorry, her grandfather died of a heart attack.', 'Her father died of a heart attack.'),
    ("Return to clinic in six months. | Let's make it three months.", 'Return to clinic in six months.'),
    ("Lesion on the left cheek. | Wait, it's the right cheek.", 'Lesion on the left cheek.'),
    ('Keflex 500 mg four times daily for ten days. | Actually make that seven days.', 'Keflex 500 mg four times daily for ten days.'),
    ('I will add hydrochlorothiazide 12.5 mg. | On second thought, I will not add the hydrochlorothiazide.', 'Add hydrochlorothiazide 12.5 mg.'),
    ('Patient is a 34 year old gravida 2, I misspoke, gravida 3.', '34 year old gravida 2.'),
)  # fmt: skip
KEPT = (
    ('Increase lisinopril to 40 mg daily. | No, make that 20 mg daily.', 'Increase lisinopril to 20 mg daily.'),
    ('no , make that appointment whenever you like . | you can see physical therapy too .', 'Physical therapy recommended.'),
    ('i mean it hurts when i walk up the stairs . | the pain is in my knee .', 'Knee pain with walking up stairs.'),
    ('Any chest pain? | actually i feel better now . | no more chest pain .', 'Chest pain has resolved.'),
    ('The left knee is swollen, sorry, the right knee is swollen.', 'The right knee is swollen.'),
    ('sorry to hear that . | how long has your back been hurting ?', 'Back pain.'),
    ('Give her 10 units of Lantus at bedtime, I mean 12 units.', '12 units of Lantus at bedtime.'),
    ('never mind the noise outside . | so take the metformin twice a day with food .', 'Metformin twice a day with food.'),
    ('instead of soda i drink water now .', 'Patient drinks water instead of soda.'),
    ('We will hold off on antibiotics for now.', 'Hold off on antibiotics.'),
    ('Start amoxicillin 500 mg. | Scratch that, start azithromycin 250 mg.', 'Azithromycin 250 mg started.'),
    ('the cat scratched me on the arm . | scratch that was here last week is healing .', 'Scratch on the arm is healing.'),
    ('Do you take insulin? | no , just metformin .', 'Patient takes metformin.'),
    ('wait , no one told me about the biopsy result . | the biopsy was benign .', 'Biopsy was benign.'),
    ('Does it hurt on the left? | no , the right .', 'Pain on the right.'),
    ('The wound care nurse made a correction to the brace. | Continue the brace.', 'Continue the brace.'),
    ('we had to cancel that appointment in may . | she saw dr. lee in june .', 'Seen by Dr. Lee in June.'),
    ('Start warfarin. | On second thought, use apixaban 5 mg twice daily.', 'Apixaban 5 mg twice daily.'),
    ('i was on lisinopril . | actually my blood pressure has been good .', 'Lisinopril for blood pressure.'),
    ("i do n't mind the shots . | let's not forget your flu shot .", 'Flu shot today.'),
    ('Correction of vision with glasses is 20/20.', 'Vision 20/20 with correction.'),
    ('Vision improved after strike-slip injury. | He went on strike that summer.', 'He went on strike.'),
    ("i'm sorry , i did n't catch that . | do you have any fever ? | no fever .", 'Denies fever.'),
    ('So the plan is to hold off on surgery, and continue physical therapy.', 'Continue physical therapy.'),
    ('The MRI of the lumbar spine was ordered. | Actually, the MRI showed a disc herniation.', 'MRI showed a disc herniation.'),
    ('Instead of metoprolol we will use carvedilol 6.25 mg.', 'Start carvedilol 6.25 mg.'),
    ('Metoprolol was tried in the past, instead of propranolol. | Continue metoprolol.', 'Continue metoprolol.'),
    ('no , i mean , i can still climb the stairs fine .', 'Climbs stairs without difficulty.'),
    ('wait here , no need to undress . | i will listen to your lungs . | lungs are clear .', 'Lungs are clear.'),
    ('Patient is allergic to sulfa, wait, no, penicillin.', 'Patient is allergic to penicillin.'),
    ('Prednisone 40 mg for 7 days, correction, 5 days.', 'Prednisone for 5 days, first dictated as 7 days.'),
    ('you should make that a habit . | walk thirty minutes a day .', 'Walk 30 minutes a day.'),
    ("it's not the right knee , it's the left knee .", 'Left knee pain.'),
    ("we can always cancel that if the labs look good . | i'll order a liver ultrasound .", 'Liver ultrasound ordered.'),
    ('We discussed surgery but the patient wants to hold off. | Continue ibuprofen 600 mg.', 'Continue ibuprofen 600 mg.'),
    ('Decrease the aspirin, no, keep it at 81 mg.', 'Aspirin 81 mg.'),
    ('Order a CT of the chest. | Actually, also order a CBC.', 'Order a CT of the chest.'),
    ("i'd rather take pills . | we'll start with pills then , metformin 500 mg .", 'Metformin 500 mg.'),
    ('Follow up in two weeks. | I mean, call sooner if it gets worse.', 'Follow up in two weeks.'),
    ('excuse me . | sorry about that cough . | take two puffs of albuterol every four hours .', 'Albuterol 2 puffs every 4 hours.'),
    ('i mean , the pills are fine , two in the morning , one at night .', 'Two pills in the morning, one at night.'),
    ('do you want the flu shot ? | no , actually yes , give me the flu shot .', 'Flu shot given.'),
    ("sorry i'm late . | my left shoulder hurts and sometimes my right .", 'Left shoulder pain, sometimes right.'),
    ('Vancomycin one gram every twelve hours, make that every eight hours.', 'Vancomycin 1 g every 8 hours.'),
    ('is it the left ear ? | no , sorry , the right ear .', 'Right ear pain.'),
    ("we could do an injection or we could wait . | i'd rather do the injection today .", 'Injection today.'),
    ('Never had surgery. | Never mind about the copay. | No drug allergies.', 'No drug allergies.'),
    ('The gait correction was discussed. | Continue physical therapy twice a week.', 'Physical therapy twice a week.'),
    ('i was taking 10 mg and then no , they raised it , to 20 .', 'Takes 20 mg.'),
    ('Lispro 10 units with meals, correction 2 units for every 50 above 150.', 'Lispro 10 units with meals.'),
    ('Lispro ten units with meals. | Correction: lispro one unit per fifty over one fifty.', 'Lispro 10 units with meals.'),
    ('Lispro 10 units with meals. | Correction factor 50, 2 units.', 'Lispro 10 units with meals.'),
    ('Lispro 10 units with meals. | Correctional insulin 2 units.', 'Lispro 10 units with meals.'),
    ('Both eyes 20/40. | Correction lenses 20/20.', 'Both eyes 20/40.'),
    ("let's hold off on the steroids , and let's get the x-ray .", 'Obtain x-ray.'),
    ('Actually the left knee is worse than the right.', 'Left knee worse than right.'),
    ("you know what , i don't need the pain pills anymore . | tylenol helps .", 'Takes Tylenol.'),
    ('we stopped the lisinopril because of cough , so losartan 50 instead .', 'Losartan 50 mg.'),
    ('Blood pressure 148/92, excuse me, 142/88.', 'Blood pressure 142/88.'),
    ('Patient states that he will cancel that trip. | Follow up in 3 weeks.', 'Follow up in 3 weeks.'),
    ('wait till monday before you take the second dose . | then take it twice a day .', 'Take twice a day from Monday.'),
    ("oh i mean yeah it started monday , no , i guess it was maybe two weeks . | it's the left hip .", 'Left hip pain.'),
    ("Lesion on the left cheek. | Wait, it's the right cheek.", 'Lesion on the right cheek.'),
    ('no , no fever . | no , make sure you drink water .', 'Denies fever.'),
    ('Instead of surgery we will try physical therapy for 6 weeks.', 'Physical therapy for 6 weeks.'),
)  # fmt: skip


def findings(said: str, stated: str, *, quoted: bool = False) -> list[Finding]:
    passages = {f"p{number}": text for number, text in enumerate(said.split(" | "), 1)}
    cited = ("p1",) if quoted else PassageIndex.of(passages).cite(stated)
    return list(retraction_findings(Claim(stated, cited, "Plan", inferred=not quoted), Texts(passages)))


@pytest.mark.parametrize(("said", "stated"), REPEATED)
def test_what_was_taken_back_is_found_with_the_passage_that_says_so(said: str, stated: str) -> None:
    (finding, *_) = findings(said, stated)
    assert (finding.code, finding.severity) == ("plan-retracted", "high")
    assert finding.span is not None
    assert stated[slice(*finding.span)] == finding.detail != ""
    assert finding.evidence
    assert set(finding.evidence) <= {f"p{number}" for number in range(1, 4)}


@pytest.mark.parametrize(("said", "stated"), KEPT)
def test_what_holds_is_left_alone(said: str, stated: str) -> None:
    assert not findings(said, stated)


def test_the_old_value_is_the_smallest_span() -> None:
    (finding,) = findings(
        "Increase lisinopril to 40 mg daily. | No, make that 20 mg daily.", "Increase lisinopril to 40 mg daily."
    )
    assert (finding.detail, finding.evidence) == ("40", ("p2",))


def test_a_quote_of_a_scratched_sentence_is_found() -> None:
    assert findings("Refer to cardiology. | Strike that, refer to pulmonology.", "Refer to cardiology.", quoted=True)


def test_a_quote_that_ends_with_its_correction_is_fine() -> None:
    said = "Give her 10 units of Lantus at bedtime, I mean 12 units."
    assert not findings(said, said, quoted=True)


def test_what_is_denied_and_corrected_says_nothing_of_what_is_affirmed() -> None:
    said = "i have pain in my left back . | i would n't say any back pain i mean abdominal pain"
    assert not findings(said, "Left-sided back pain.")
