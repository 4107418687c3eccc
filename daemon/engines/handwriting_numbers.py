"""The numbers by which handwriting is told from print; `scripts/train_handwriting.py` makes this file.

A logistic model on 24 hidden units (tanh) over standardised features. Learned from 9686 drawn lines, in fonts apart from those that it was
measured on (1410 lines): see the script.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HIDDEN: Final = 24
FEATURES: Final = 92
MOST: Final = 4.0
"""Standardised features beyond it say no more than this."""


def chance(features: Floats) -> float:
    """How likely it is handwriting, 0 to 1."""
    mean, scale, into, bias, out, rest = _parts()
    seen = ((features - mean) * scale).clip(-MOST, MOST)
    score = float(np.tanh(seen @ into + bias) @ out + rest[0])
    return float(1 / (1 + np.exp(-score)))


def distance(one: Floats, other: Floats) -> float:
    """How far two lines are apart, in what their features usually differ by."""
    scale = _parts()[1][: len(one)]
    return float(np.abs((one - other) * scale).clip(0, MOST).mean())


@cache
def _parts() -> tuple[Floats, ...]:
    numbers = np.frombuffer(base64.b64decode(_NUMBERS), "<f2").astype(np.float64)
    sizes = [FEATURES, FEATURES, FEATURES * HIDDEN, HIDDEN, HIDDEN, 1]
    mean, scale, into, *others = np.split(numbers, np.cumsum(sizes)[:-1])
    return mean, scale, into.reshape(FEATURES, HIDDEN), *others


# Mean and scale of each feature, weights into and out of the hidden units: halves (IEEE 754, 16 bits), base64.
_NUMBERS: Final = (
    "4zgCMmA0DjmnO1c6VjtYKLc6PCqHM0E1HjK4MRA2sjQTOXU3izHnN+ItjTsKMz01uziQNio2HTQHM0UyhDGOL7komDCKLocwITPtMo4xhy+FLZMz"
    "2DQaNOQxazDNLyspmyzNM/gnlDDcLCsmVS8QKD8tfDDXLQkwUi0rLTYwEyxXKgssTyfdJRAxrjDALGAvsC8mKo0ncifnJvAlZCQmKVolXya5KG4n"
    "1ijnLHYqGzD5MAUxeSkCLZlFBEtrSA1Bo0nZRHpH7kv7RftKXEjJQ75F70RFR7VGhEWbSKNKHEkPTXVOu0LGRHJIyEXsRKNKPU2wTaJNKU+vUPdL"
    "9k/UTodMmU2MTFxHrEkkRf1Dh0ONS01E90gETRtLfUN0SiZHXkhJTHFI0EseSw5FzEa2Rl9JW0h6SPhL5E05TEJPNFEoRIhHkkv8SARIPU2nUIVQ"
    "DFG6UWFTDU4VUlJRLk9rUDNPxkiBS75H0EYJRqtNc0WIsB0tXa5Eq1WkL6XSLSoi5qOmrFEjnDBbop0xQLC3KY4p96pYpwKsl6e0oTWrnyqcrgUs"
    "8h75rJgw9KpMsrItdS2orGyrlS9JMRw0dahzsQ4sQiwuL8ItSDNWJvQxVbKHJJijfTTFLRWtUSqgr4gui6GpIlOcXC2ZLlSySibQrK+LEC8IqUws"
    "rSq6qQ8xSx8cKgum5DC+MF+sUSmTrNUt5yE5pAGZAiU/K4WxlC2LrX0kdTAbrIAtPS4HFFMsqiQqqZQrbqoPLUctXicsMHmtkRttq0mP2qgdpvot"
    "ai/wsCusfqgVKwssMSxMKCChfSUaLAOrOJ8vsjymLizuJrUoHqjYp0+wjCxAMSGrJ6nYpT8qSC05rnSeMCcgMDCmv7QpKnOiXql7rNccNy38K9Gm"
    "1KluqDKyLatDLsuYnisRJkCrvxzDq/6nOaWmMHWr4rKFLV6sKKzHL4ysS6e3qp8hjJx8LAkuSa+CsS0iJyE2Jf4ofqqVIkKlCqf7rFgmYSrIqKsx"
    "oKDloFEdFKdnrimtkyjxq5a18TFGqdQrKbAcKkMoGCw+LXqqoarsM8Ao9bJQJcapuau8LuKp/CpyLQSgA6z7JCYzLK96rEerVzBOKuaZza0rHEed"
    "BawYsd2tMjFFsy0xs60VLJYxmyZ1KW8tIKt3sPCyU63PMboj+DKDrBivuRqcMLMxiS14MmWhf6lmLJWod63eqeEoeSi4Lc4ozKhFL0mta7C1p+ws"
    "eihErd+rRi6Gqd4uiqyYHYIuQqVcqWYg+CTQrA6xW6v3JE8wqhzLH3YxHDI+MrAwprAasd2jcDJbImEu7y6rIKUwIyeZHksrDat9rXMqQhizKYEr"
    "PaWKMHowA6kgJQ+q3qMVshQkgi18pBMxYqHpnjMoM5xTHkas8S6xpPGy5aqQqL4pKiFSLXsvHS+FpqehKbTvqmYpm67/qzIhZ55QqYyo2SkkMFSt"
    "WLAXqZExQTAMLSiphKuWMCig5bK3r+2n1y/gplqwySmmr2kkRrAJqnMqiyDFsPowwaz2Idiy/ilGoMqsbK5GtMixxi4pMuouOKwhKwcw8SGvKOQt"
    "9yWtrLSpQy5usJGvtDAVL0Oy+hkzru2orqTiKogxaTQfL3wyiLSsqn0xha5qqwcrYSn7smct2StdsostRjHhJtWxviWvrokrA6GAq+6ulzK8Kccw"
    "Fa6xLbQqP6ZKMJAdOxSpLFiqJKLssr0tnjOZrpa2BbP3rSsmci6hqt6l9zUdM0wvPbQxJPgv7Sy/MnOf5i0oLxUq0KtNqeExLS/OseKi7axntZcz"
    "KC30sA6ysSRnK1Eztq9tsB8zejE0rCowmjAOLBQ1xbAmMHWtkLDLKBEwYqoqLdKrtx0irhku3rHGMZGu+C9Xqfkl6yYOomybPyYpqRqpqC0TqH8x"
    "X6kRshwvjhpeqvaeKiwvIQuiF7BjJtMtSx//r3cmB6LqJ7AqQKLzsNcpBik0L94sTafHMsknIygkq0muG6j8qkUuYyzNK/GraqoIKgUwdK2+oj8l"
    "SRQur9CoVjK+JlEqDa4/sEWr8rGqqg2nHS3irDIpRLHiMV8k3q3jrM8qey4mKgKo4C1UIUkoVq3opAm0nSzGppQiiSzUJkWsF6jVL34siTAjrIia"
    "rhumq6iwlK7lpbgfjCstr44t6aeApAgcayn7IrwxXxqEsZ4kliucKqUW1SyJJk8zARCFr6gopik4rJck2y/trqAxWqwtsNYubKc+qb+MmCI+sBAu"
    "lhTOrnCkix1ILVgtB6vBp7AonS4ZK0Ya4S2pqPMvxCV0rWAsqqzIMn8vUSzMLkKvcKjRrJ4rDSwAMZ6wiCXaMF6qEZgMLHCqryPMqwOy6x3gq8Gs"
    "9ytgsPqtEbLBreQppS9wrZKombHXMu+ksy2ipwgyQSojL5QlDyvOMNwtR669MZmpHquNrj8v+6woKdEoUiyFnuariR7/sHQuwy4XrcIoBKppJbos"
    "m63ULeyliKxMMoas6y2WI4ykRixdMR+w1qoKNKIqJS/Zsu0wTK4truWxp7DrsCMiTKfKqEKlJiizK4auDy7FLwi0jjE5JGWp/LCRMkIgzpOws7yz"
    "zqzbLZ6wzqsJtNut8bBGrRyffi45rrkl1KQOrAkSayxZoZos/6m/IUOgp6mPKcGx9KQNoVWovyjkJrIo/h6aIYefvZ7oMX2uhK9TMfcsAKoxM3ep"
    "JSufL5cuyixPqP2wvqwgKY+xMawIsbApOaw2sUel26e+rG8sVrF4KLsyUq2LMmktSypbrS6xZi7iI+opIayrJTOs2CbpLSsklShhHi6wQrD9ICSw"
    "QajaqNwuqxJxqEOisKMrscCsjLXSph2kQjOwKcwpTCSHL6qum6TNLnMtsqMtMZwilCjip/CsLqwXstewSyg3MCsxvyyvr9MzjS/PHg4tSa3Iqeal"
    "Q5FsrSyp+i58q2AtFTOmJNWzKCCsqQSdO6RtJEGXYDEMME4t8LLerZYoqSkYq2IpVSlaK0wvDyixsCkvzh9IHaAuI6XFtDI0NioysVKsdSVpMNot"
    "ZqtSrUYyfzD8Kd0uTS1dKAg1LSx0rUumt7CNNAwxCSmnkAiwJZ3pqEgoWyHmplaiBi3fo+Wt7KyDreGsTKAQrB6r8ysrKjcrF68VIRYs0awJLC4l"
    "MCRoHrepm7I0JRWvRzAcsE2dZS7SJiQrRiwOKyimWZdrLp41CC3itMSszq18Jy2avSwbKYaqPjAUKTQwb6+uLE6pkR9grj8k3KPGpcqy5q2jpB63"
    "nCkfMeGsZjD6LNiuB6+2K3guFhrSsEKutiERK1il5q9IKmCu2KwRpsgq2iiRq1CmjKnMqtwhVy9ELKgrKawCKnUnDaoKIfSyuqijHqmsACXOqJgq"
    "gKY9pA6oHSCprtuYPKihpCmosSpSq+iuJqeWo7gsG6GSsUcvvKQVHookCK2LJxwe1a5ZqlmmyiewpQguMquInXOrzSV4rGCq259TJHKvI7AIEf2j"
    "DzD+p8ypoZ6JKHslVixKJW8sean5Kuqg9qtJLFOsLqkErTGsZiv+IyctzKn+LOokjKi1EMKo9CPDqiGWEyzIqMoeVSfCID4oECMhJ1QiNaVQIACi"
    "VySJLEej0KQBptKtgydmrlgf6S40qa8eCSubrDUxsqAnIR8uXSQNMJYsPyWpqcsivyWmpLGpyCNBqF2w1iwGpv+qDSOOKH8pX6MSqlcsz6wiIqYh"
    "NyU4qsavphafsFQuBRtaKCimza1KpMumErCLMPwn9CUvrdisaqyoqC4pMKeJJpap7iS+JjakzigYozsIdiBKrRUwmyh3LXilPaznn9wtkyF0qzIo"
    "NSFssV0qTDJgoCEpeiAOIucrN6XGrIsoVx1zFxQxqytypcckspmYJiAsKhzdIJ4k0J8dsVMsLTCWqDgthiSmq1WwOa2YsXouuSgAqJooaR4RJ8Mw"
    "L6m4qoIy5CloLvEoOCkMqjwuO6v1Kdir3ZhwplMusSwxpCwnGK08JHcw3q3xK42c2ylHIbInaCE6rIglGaWFqvOrNSyxrKguJ5odqPiwoiF+qD0s"
    "i6bJqgQp9ifDKVksdiG7JNkujyU2L7AojaagqWalFCMgKf6vuy53nc+yv6udLIknfCwBMbAlDCwusfEqBLKGrAOudCwsLfStzSoCJ0ohUCTQnhKt"
    "aqWYsPInBZ3AqWwsMJToMiCozKilsLwpAKsjsJ6h3RdXpskjHayephAycbEDLiatm68EL2Oj4C/ULGMn864FJQoxtqlxH9gpSiu5oSWyEydnq9Ag"
    "KaU6q5UnYi/2LiShG6tAJ6+pzyNzJlkqL6uWLBuQlKfyrRqmn53krTMtHCo5rQguua62K44pnyXzsSApl6ybMIMvDx4zqXwmCCd4q7ggLK7VJSYd"
    "a66XJhska6yxKB2hrqpMKras3SmGKtysRRyRnvaaiSwSr8Qpj568L9Ij1ap8FhcrG6hrqz2etirjre8mr61Jrg4zaaXnqXkuQSFHpNikBadarhAs"
    "9i1yMdEmFiQHtIYvwKdpKDWs5KhjLKquXqyaKogsta01MTosR6rwMFaekR9jKQqq4pzpqn6hUaLwrTasWS54MGkid6wAr/enLLALryexOTC0LfGu"
    "iqt1q9YsnqnRrEmm5SXDLEcn/CdYsGsqPysWq/asbav2qOWfl6VYrGspwq7rq+CppCMUqjEpbzBzlj4w8K52oU2jZC2wIk8nT5hFp5Cmqy1DICSd"
    "AKCGK3UwMLBILd2cMKYyp8atLy1GJl2e56wzMTisdKZMtAco5B+kLI4rwaw1skSkoa5lKzCueqwQI9EgzKQOsCAnXKsbKUmuhClCLhWrxaYVsXws"
    "zDByqm2z/62vp3OtgyyKK9cleq6JFvmr3iDmKGkjPCJ1qZqtnCZOL+gvx6juKAiu/ylCrZGshawtJF4lvK6isnkvQDF8rGUqe6D6LxYxJ6uBsWuw"
    "siaVoikl36SjKU6rKi1oJHioL6xdMUcn6izmLCQsDzDxrIYk16wjLpsi6qoep9Gn+CAKLMwsmCOfmroqE60XHS2sKLCWqaWshSrHJZksw60iKQWt"
    "SqokoA+oBSu5rHgmpiY+rRavVrBhrMEqjan2rG2vUC3Srd6qN5z9pa0sDy54HS8ur7F5LguxZqguLbapIhYBKlCi6C5lLVqvsKhEp4SctCuUnj4p"
    "P65mqASoNa/Jry8svq13HOQvnph9qcylEixiGbcqZ61zK9cuEydzq6ysm6L1oBCuliirqzGYHChRKm4ozK9NJLWhebACsqKkMSC0rM6sLpzOHUQu"
    "rS2EGNmvcqv4Lj2l9yjFJHqjsZzdLAgikCzTrGMtTq9NIi0P/C3zIOcuBqYsIZYWRC01nDuyDSgXGbSoai7nLAWPkKznrQaqVKRdLygoKaW5sGww"
    "FykYKkcl66i8qNgv0yb1qsutI685Lg+o86F8qRCnMStcL1+kXqT0rIquFKxdsGotOSweLsuixi92rUKuIq5JIEmc6a19sNKkPayWqHkmk6xZIOUo"
    "Q7GfqWewoymLqYEoHag9LHisJK1ZsQ8wR6uaI7AgjykPsoejjhzRKmUi66YZrLikvqjNK2cq4iS7qrojOyY3qnsrwSkLos+s8yjYpXioAitkp+Kn"
    "ZpkmoCqLri17sOWk2alLJy6mw6zcrAivhihVqEgptixcKKyZNagaJAeyaCsGKs+kXyvcK0cofS3CpusuAayaGPSy7Csgq5Qjyqy5LEUtNjFELTem"
    "FKrwGYajEyh7Kg0pBaH+JVmux6e/reaoPTBpsGEYX6SunxosDimfImEviCgNon4qw62jqLmlOzBMFZau0C8HptGoKawlKiUWwqETLnqxlbCXseop"
    "xiCyLB0smapWrTaczKS9JSOtSaw+MbKrq6nFAiAhyiNLLG8fsapbKYypR6+jraCday5DqKAt7DAVMIMvvq4rqwyoSCepI3SgNTAlrUYk854fI6Yj"
    "YaziLyEqNSuKrXsvnqU9pemh76qkKIytuCVTKVIoHyXrq1Yokq1CKdAtwy6BpzgpNa49Mo8sYK9FrCWUADC2sKstbS9iLx+h6CrQraQoUifLmnun"
    "Bi3apfqRaKZQrEcwmagCL2mm2bCIKYEsLi5tJMmtmaufLuEsOizJrd0oyCkFI0csoiw/LkQqlK9fsCgwsC1ZInuoaqk6pamuc6atKqoniq2Bq7Gn"
    "pjFdMQorn6zuMDeZgqhhI7SyECndsXSySKtvLounnK7xq9Gl8hiJKAcsvSn+pO4oJCmKpbEZQ6o7MKugEaQTLt8t0aeNrqSklqkmLv2ljylsJP8n"
    "FCUbrNwo9DBmIVCp+KTgqJWevy+lqA+eAxypKSufli2ILW6xe7EHLMQtTTKAKiuxnqzAMJsv97Kvta2tUi2DLsOv3rE4rU6sULH8rF+sZC/qtb23"
    "N6RkOfi3TrcHr/U3njgpuOur0DIFrja2arcHuoywujQ/NdUwiTFYNN81xTDZOTK68riVOnI7kDixOWq4aLWuOWk52Ltuu8O6HDofOFa5B7i/uHq1"
    "XLdsuHC5/zjgoQ=="
)
