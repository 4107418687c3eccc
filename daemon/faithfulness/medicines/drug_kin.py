"""Which names of drugs mean the same substance, and which substances belong to a class that is named.

The list of names has a generic name more than once where its sources spell it in two ways (acyclovir, aciclovir), name a salt or a
form of it, or join it with another. Here each becomes the substances that it holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from daemon.faithfulness.late import late
from daemon.model.remembered import remembered

_PARTS = re.compile(r"/| and ")
_FORM = re.compile(
    r"(?: (?:buccal|sublingual|implant|patch|injections?|injectable|lipid complex|liposomal|viscous|eye drops|inhaled|cream|spray|lozenge|"
    r"preparations|auto-injector|intravesical|intramuscular|subcutaneous|intrauterine system|acetonide|furoate|valerate|alafenamide|"
    r"resin|combination products|benzathine|procaine|pyelocalyceal|human inhalation|enacarbil|carboxymaltose|topical)\b.*|(?<=mab)-[a-z]{4})$"
)
_SAME: Mapping[str, str] = {
    "aciclovir": "acyclovir", "paracetamol": "acetaminophen", "salbutamol": "albuterol", "adrenaline": "epinephrine",
    "cefalexin": "cephalexin", "beclometasone": "beclomethasone", "alendronic acid": "alendronate", "glyceryl trinitrate": "nitroglycerin",
    "mesalazine": "mesalamine", "simeticone": "simethicone", "chlorphenamine": "chlorpheniramine", "glycopyrronium": "glycopyrrolate",
    "hyoscine": "scopolamine", "calcipotriol": "calcipotriene", "macrogol": "polyethylene glycol", "sodium valproate": "valproic acid",
    "sodium cromoglicate": "cromolyn", "ascorbic acid": "vitamin c", "cyanocobalamin": "vitamin b12", "hydroxocobalamin": "vitamin b12",
    "cholecalciferol": "vitamin d", "colecalciferol": "vitamin d", "ergocalciferol": "vitamin d", "phytonadione": "vitamin k",
    "folate": "folic acid", "calcium carbonate": "calcium", "lithium carbonate": "lithium", "magnesium oxide": "magnesium",
    "magnesium hydroxide": "magnesium", "magnesium gluconate": "magnesium", "potassium chloride": "potassium", "ferrous sulfate": "iron",
    "ferrous gluconate": "iron", "ferric": "iron", "iron sucrose": "iron", "iron dextran": "iron", "sodium ferric gluconate": "iron",
    "ferumoxytol": "iron", "low-dose aspirin": "aspirin", "isosorbide mononitrate": "isosorbide", "isosorbide dinitrate": "isosorbide",
    "penicillin g": "penicillin", "phenoxymethylpenicillin": "penicillin", "psyllium": "fiber supplement", "stool softeners": "docusate",
    "conjugated estrogens": "estrogen", "estradiol": "estrogen", "mometasone furoate": "mometasone", "nicotine": "nicotine replacement",
    "omega-3 fatty acids": "fish oil", "icosapent ethyl": "fish oil", "polyethylene glycol-electrolyte solution": "polyethylene glycol",
    "levodopa": "carbidopa", "co-careldopa": "carbidopa", "onabotulinumtoxina": "botulinum toxin", "insulin human": "human insulin",
    "amphetamine": "amphetamine salts", "dextroamphetamine": "amphetamine salts", "contraceptive injections": "medroxyprogesterone",
}  # fmt: skip
"""British and international spellings, salts that are taken for the same purpose, and what speech calls by one name."""
_ANALGESIC = frozenset({"acetaminophen", "hydrocodone", "oxycodone", "codeine", "butalbital", "caffeine", "tramadol"})
"""Acetaminophen within these combinations is seldom said: "hydrocodone" is what most people call Norco."""
_NSAIDS = r"ibuprofen|naproxen|diclofenac|meloxicam|ketorolac|indomethacin|etodolac|nabumetone|piroxicam|sulindac|oxaprozin|profen\b|celecoxib|aspirin|^NSAID"
_OPIOIDS = r"codeine|morphine|codone|morphone|fentanyl|tramadol|tapentadol|methadone|buprenorphine|meperidine|^opioid"
_PRESSURE = (
    r"pril\b|sartan|olol\b|carvedilol|labetalol|dipine|verapamil|diltiazem|azosin|thiazide|chlorthalidone|spironolactone|eplerenone|semide|"
    r"triamterene|amiloride|metolazone|indapamide|clonidine|hydralazine|minoxidil|methyldopa|guanfacine|aliskiren|"
    r"^(?:ACE inhibitor|angiotensin receptor blocker|beta blocker|calcium channel blocker|alpha blocker|diuretic)"
)
_MEMBERS: Mapping[str, re.Pattern[str]] = {name: late(members) for name, members in {
    "ACE inhibitor": r"pril\b", "angiotensin receptor blocker": r"sartan", "beta blocker": r"olol\b|carvedilol|labetalol",
    "calcium channel blocker": r"dipine|verapamil|diltiazem", "alpha blocker": r"azosin|tamsulosin|silodosin|alfuzosin",
    "diuretic": r"thiazide|semide|bumetanide|chlorthalidone|spironolactone|eplerenone|triamterene|amiloride|metolazone|indapamide|acetazolamide",
    "antihypertensive": _PRESSURE, "statin": r"vastatin|ezetimibe", "NSAID": _NSAIDS, "opioid": _OPIOIDS,
    "PPI": r"prazole|tidine|famotidine|calcium|hydroxide|sucralfate|gaviscon|bismuth",
    "analgesic": rf"{_NSAIDS}|{_OPIOIDS}|acetaminophen|gabapentin|lidocaine|^muscle relaxer",
    "antibiotic": r"cillin|m[yi]cin|floxacin|cycline|^ce(?:f|ph)|sulfa|trimethoprim|metronidazole|tinidazole|nitrofurantoin|penem|linezolid|"
                  r"mupirocin|clavulanate|aztreonam|rifam|rifaximin|bacitracin|neomycin|polymyxin|isoniazid|fosfomycin|dapsone",
    "anticonvulsant": r"racetam|lamotrigine|phenytoin|valpro|topiramate|carb[ae]mazepine|carbazepine|gabapentin|pregabalin|lacosamide|zonisamide|"
                      r"phenobarbital|clobazam|primidone|felbamate|ethosuximide|rufinamide|perampanel|vigabatrin|cenobamate",
    "antidepressant": r"oxetine|sertraline|citalopram|faxine|bupropion|trazodone|mirtazapine|triptyline|vilazodone|fluvoxamine|doxepin|imipramine|"
                      r"milnacipran|clomipramine|desipramine|phenelzine|selegiline",
    "antidiabetic": r"metformin|gli[mp]|glyburide|gliptin|gliflozin|glutide|tirzepatide|exenatide|^insulin|human insulin|glitazone|acarbose|glinide",
    "antiemetic": r"setron|promethazine|metoclopramide|prochlorperazine|trimethobenzamide|meclizine|aprepitant|doxylamine|scopolamine",
    "antifungal": r"conazole|nystatin|terbinafine|fungin|clotrimazole|griseofulvin|ciclopirox|amphotericin b|tolnaftate",
    "antihistamine": r"loratadine|cetirizine|fexofenadine|diphenhydramine|hydroxyzine|pheniramine|azelastine|olopatadine|ketotifen|doxylamine|tidine",
    "antipsychotic": r"iapine|zapine|piprazole|peridone|haloperidol|asidone|lithium|promazine|perphenazine|valpro|lamotrigine",
    "antiviral": r"vir\b|ribavirin|zidovudine|lamivudine|rimantadine|amantadine",
    "anxiolytic": r"azolam|azepam|buspirone|hydroxyzine|clorazepate|chlordiazepoxide",
    "blood thinner": r"warfarin|xaban|gatran|parin\b|clopidogrel|prasugrel|ticagrelor|aspirin|dipyridamole|fondaparinux",
    "chemotherapy": r"platin|taxel|rubicin|etoposide|citabine|fluorouracil|vincristine|vinblastine|vinorelbine|cyclophosphamide|methotrexate|"
                    r"m[au][bs]tine|tecan|bleomycin|mab\b|tinib|ciclib|zomib|parib|temozolomide|pemetrexed|bendamustine",
    "decongestant": r"pseudoephedrine|phenylephrine|oxymetazoline|guaifenesin|dextromethorphan|benzonatate|codeine",
    "eye drops": r".", "inhaler": r"buterol|terol\b|tropium|budesonide|fluticasone|beclomethasone|mometasone|clidinium|glycopyrrolate|ciclesonide",
    "hormone replacement": r"estr|progest|testosterone|thyro", "oral contraceptive": r"estradiol|estrogen|norethindrone|norgest|gestrel|drospirenone|progest",
    "immunosuppressant": r"tacrolimus|mycophenolate|cyclosporine|azathioprine|methotrexate|mab\b|cept\b|dronate|sirolimus|prednisone|leflunomide|"
                         r"hydroxychloroquine|sulfasalazine|tinib|mercaptopurine|zoledronic",
    "insulin": r"insulin", "laxative": r"senn|docusate|polyethylene glycol|bisacodyl|magnesium|lactulose|glycerin|fiber|linaclotide|lubiprostone",
    "muscle relaxer": r"cyclobenzaprine|methocarbamol|tizanidine|baclofen|carisoprodol|metaxalone|chlorzoxazone|orphenadrine|dantrolene",
    "sleep aid": r"zolpidem|zopiclone|zaleplon|melatonin|trazodone|temazepam|doxylamine|orexant|diphenhydramine|ramelteon|doxepin",
    "steroid": r"sone\b|solone|triamcinolone|fluticasone|budesonide|clobetasol|fluocinon|cortisone|desonide|halobetasol|ciclesonide|flunisolide",
    "stimulant": r"methylphenidate|amphetamine|lisdexamfetamine|atomoxetine|guanfacine|viloxazine|modafinil",
    "sulfa": r"sulfa|trimethoprim/sulfa", "thyroid medication": r"thyro|methimazole|propylthiouracil",
    "supplement": r"vitamin|iron|calcium|magnesium|zinc|potassium|fish oil|fiber|biotin|folic|melatonin|probiotic|turmeric|glucosamine|coenzyme|wort",
}.items()}  # fmt: skip
"""By the stems of generic names (WHO, "The use of stems in the selection of INN", 2018) and their usual members in US practice."""


@remembered(4096)
def substances(generic: str) -> frozenset[str]:
    """What a generic name of the list holds, each substance under one name."""
    parts = (_FORM.sub("", part.strip()) for part in _PARTS.split(generic))
    found = frozenset(_SAME.get(part, part) for part in parts if part)
    return (
        found - {"acetaminophen", "caffeine"}
        if "acetaminophen" in found and found <= _ANALGESIC and len(found) > 1
        else found
    )


@remembered(4096)
def belongs(generic: str, class_name: str) -> bool:
    """Whether the drug, or narrower class, `generic` is a member of the class."""
    members = _MEMBERS.get(class_name)
    return generic == class_name or (members is not None and members.search(generic) is not None)
