"""The numbers by which handwriting is told from print; `scripts/train_handwriting.py` makes this file.

A logistic model over 32 hidden units (tanh), which see a line's standardised features and how far each is from its page's usual. Learned
from 16,103 lines drawn in 88 fonts of print and 16 of handwriting, and by a pen that no font has. On 70 forms in 8 other hands and 49 other
fonts of print (`--pages 0 --forms 70`) `hands` flagged 393 of 414 answers, and 13 of 1,290 lines with print.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HIDDEN: Final = 32
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
    "4TgAMl40DzmmO1M6VDtQKLI6SSqKMz41GjKyMQw2szQUOXU3hzHjN+AtjTsUMzg1ujiMNis2GjQFM0QyiTGZL7kolDCLLoUwIDPuMpQxei+ALZwz"
    "1TQdNOAxbTDdLyUpmSzVMwcokTDfLBkmZi8XKDgtdDDVLQYwPy0nLS8wGSxeKgAsSCfeJQsxrzC/LFwvoS8YKognXifYJuUlaiQhKUslUyarKHUn"
    "0SjnLFwqIjDjMAMxcSngLJRFHktsSAJBj0naRH5HD0zuRQFLX0jhQ81F8kRaR7dGiEWeSKhKJ0kKTW1OtELJRHJIzUXtRLpKPE3BTaxNJk+dUAxM"
    "CFDpTpZMn02CTGNHy0kbRQVEgEOsS09E90gmTSZLZkN3SjNHaUhoTG1I30saSy9F4ka+RnJJYkh/SPpL3U09TCRPFlEiRHxHiUsESQ5ITk2rUJZQ"
    "G1GxUStTJE40UmpRT090UBlPxki/S6xH30YCRsJNhEUDKj8tRxrQIiWOsKwyHZ4r8imwsUCdQCeHJqokDqIzr7Es/yLSJRMkBiySqt61tCvIqeat"
    "v6gjrSAgO6miKm8pIi2tKI0VAq7mgKakJ6dXraarC6vksDkur699qRCttbA8sSMloLBzJjkqOjKOstQw/K2BqUEsna1LJQ6o37E7saqd8KufGBil"
    "8AiYppSs267WpWOtOq03rJ6sdq4Zs5gvAJPipK2sC6e7rEAuejQ7rpUkLiimGe8sT6CXpzyum6hnq8kswRe9q4cLSZe0rHSvXaYKru+qQacYrGCt"
    "L7FZLeuOqqUHr8ClrKwgMGszT6/4kxIksKlELQaYhaShrN6scqdGJSgDDi6mCHIwGy6oJzgoBC5pr1aeYSdXnrOkMqYxIXKteiy4qI0ctTDKL7ot"
    "UqqpovIsLafPjg8aoizCr3gwxquQHfmkDIXAKdAtha79oUeq3yw8LYysK63Oqg4m8LSBLI6mzSwvrD0lB6xIrU4jJzCorG0pGY0Rm2esghTcMYSt"
    "nxarIgiM4Cr+LNmj3iZjJqIochkgJDaqa5rnKeeysyZwJ9ErUKgzqOQpHguQIlMqAylgj9ehiR9SLWgmh7Cyr8sYcaA+CqMlTiQxKmwemSkMIC2k"
    "myJlLCsoPKgyLcOtmSlXrs2p4qn3G7+g9BsZLDCjLy2nESquFZ+nKKo11i3slvod/oaQJUOoZq1DKSCyOKRqH08jfaxhqycr8rHVJgCisC70LlOq"
    "HiAqqK2rPqv3pLYmKpwSLnQw6qy7sPKt/xL4p0cFXCjRKBkqcpjfMMYrkqtOJsUquSZIpQ0vJaznKceuECiUq94lAyAvHCkuMCqkofOXsa2RLMUt"
    "KjTqMy+g46ZyAn4lSy2XIu2q6iwsrwMvlq2lrTYsmK5iKBihFamCrScsuyzAL1Yyj7JtppgtpKqLI4gzOCdFqIAtF6qooCAp5ICuKYspHaJyqT2g"
    "HKjYKLOsM6GfMOSrsqp/KrqoPCS2prMsrq0+K8ksSiYpMIgu+Z/0mj2vTCaioU4rj53frIGLDx1uqqmtCqwbsoUbrys1sAWwrqk/qSMdoyc7sRkr"
    "qqMIMimxo7H6rIYm9alhId0ckK+Ksc8sr69HKh8PxamlkIAUTJ0Hnwmt8xnKJa0pJ7AuJBOjvZwkHeMo6iQsqACs0DFDqzAt0ym2JUSkzC/vHfmw"
    "I7ROKtyuXqRZm5Yjp4/JovcteaZ+FMK0OybRowUlaKpsr3chjqlcJp4jaS55rbou1CaCs08s8pWhsWQrJp+otBmsTCoGpZKyHJxaL6SGPS2BKpUt"
    "fiETMjSoLqwErFMvADMcJPkqIaRFJValsqtEFJyrPDKYMMQxsTE6MbOkMCJpo2EqCjOIL4mgNa8OhncmGqe8rNan+K1PIhiu6ysOsU4qCbChJkWo"
    "u6qoMCkvmKwxIoCx1LHOrOqoUrSyGFgp8izBJ8Oq0bDWHUCt4orWqgGxmaQBHTW15rCnKdEqVqtKs8SyhS1WraQeJ6SCJK4wD7EXsH6w3rFMr42d"
    "vRSqslyleqxoLVcv5pnqrzgMUqh/KM2jZibSr6QjBC0irFClcbAPqZ0p3JfdrK8uWzQdrQ+tgbHjrrWw463JpGiLvTDlL1Sq7SrAL9eca7LIDKGp"
    "2ScysTcpcrVoqgMt8Stvr3S0Eh1yrf0tPKrbMBwzkRylIPC2zrFMs0+y66RmJOYqry3PrsItGzCaGIGzaQzesK614Kplre+pKrRnGQ2zuqRhrrax"
    "y7CkK/20ZCyemUIyOLQConwkVybarMuw9SPPL6Sy7bADKT2u7wy+LmaJFyr5KXQk9aVoMEYp+6HlLPus8S72KlcoFaeNJk+rOrHEKesssi9LqVUw"
    "jS+Yr8MYwZxtqP0sh6WYMZUP4Zk9jNkCeRo7rM+lMyusrHKgrrDbqqCkhiBpqwEwa6Z6pwCuGzBFKXYt/SekL3aqKyfOGIGuLLMcrX2WQyu4GHck"
    "eAh3p4CtG61hpf6pZaR4tU0xUK5KI1IsxyTjpBAxtCb/G8iffim0Kdsj1q6XI/GstBoDsv8nup1iqnIsjB4xJnsI3aglrdWw6RuQpKOp2DHVnJ+u"
    "iyxCJRmv+yQTp6eqG7KmLXqwiqRcqaQppKypq0wjX6t7sQueh6u2slYQsSrXhwAqOy1hK5Kc17DAqKsoBiyQLQ2ygZ1urNShsSpDKpcrLTAzHvOk"
    "QyN6scgqYIytFamxAaVfqgSucxmbGLMYhol6qwmyy527qVaw+q7dFEKpcifMqROvHB2Zpzuqaa0HpXEx7LT6MKOgBqhuLjwbrSAoq3uweq4cJBAs"
    "GZYBrH0LsaxvsButySAbjq2pF6oqq/GnFCIxotgkGCflsM+jViwBKiCuqSZHqUUg+akUrhMXsSiqJFqmza11K5cWGjVUDJqleizcq5AshqQPMAkw"
    "WjAdrQ8kkizNLMWujTCarEAjRLK0LuEt8LIgr6snNafPI7wpEjLkJFEwV6pRHbKw9A2fqfKp5LCyq+8jIhxgMCqqwrAaI50h37IlLDmYwJsmqZkt"
    "g6UHrP2u8h99naCtZyRgLnyxqxtYLOKlSJTpssyKuTBhMQ0wxKtELbyveihLrUMsWCRdrM+udSqHrjeZvKWmLqAp5CpcMIQs0DBmIa2T5xxIsD2v"
    "crE1rPaclCo7kTAuOSyZMhUeaatqqIaw6SQ/MpGrpqxvMHurMzGILfimcyb1sI+lSi84keamcDMIpmCx/CiAJOwlia4gG2MwqoxzqPiiOjCdKe6o"
    "yC3ksQguQC4zqgUw6DCLpJUw+ykvrmavtjGDsQ00nSyWrCEwcqenrmwo7TFfKogkrAw3GhGCa6FsHTCoTRS0nmsqdKxOq6mcSqTyLeetzy/Br6Us"
    "PDA5J8ksuY1Uqnep3iS4J/mdrpc3nTsrm7I+sTUePjUnDyYsUy/PKbUn96iEJsSqZisLqAEs+Cbbnl2yCCwBqx+v3ajzL40t5zO3Kwsizy3ClYKx"
    "aq4oGQAlcyktmnUkXA0DrKQudKHvpECsmDCaMc2tQKtaLGUl3ylmrDyq6qleqCqhTSd3MF+wQBgnHGCoPCNhKHegBi0jMSyvaJmbrbuHsKAKrBqe"
    "VKQONQ4caCXOo90pzzBmKDclYSjni7yti6y1HHesxi5BrlUw4i2LsQ0g1TC7nRctyLG7pgoVSaEBjhwvACkIJVslA60/r3Wp7zH0LBmrUa9AqWGp"
    "BjHarHOqGKtGsUSw2zD6oZUrzi2blQitjS5NsmMsTS4rg7utN4NMqrCt4icEnaewq67poU6pFarSseypQC5EJE8jZi/ZJf4phCRcsE6mI6s7r8cl"
    "XKGvICel+qXOKZsxAB/QqKwKYK5Ssz+nJKhMrN2xz6p0sams4q12rQstHKhttRSwdCQIMR4jOy48rkooKqq9sJkLGi23qJitaazwIL+aHTKlizGi"
    "sR4WJ38k6ygjKMcpyC7PqJMtZKTOL1SxGjOJr2EYeqVtLtUxtqwtnukr2qymjbkghCzJovEtXzGokDKsioMmmSEdFKwVpjAxRijjs/Gt1ajtLisw"
    "9qGeKuylNyhYpGgsfC61I1usFindKZ6o8ZbaqMOuOqjPHQk2DJisqR2NXywuMuiqrKRssNQsGjA6KP0q2axXphawETREHqgt5q6GpOuvWKzFMYks"
    "IKkiLUkho6iKrQysdK2quDaYASwtCxgWcKooMKYpXivmoFEs4C2RKJQkgKEUKm6yHjDSBxMuCa59l2KqkKXorY8lMSwGoQwYZDAKMDilq6cTF0As"
    "QINyJdkpEJQ5ISGjRiyVrQKp7yMdHU4uta20LSSuUiw3L/MjXC5pJg0cu6cJJoEr4p+7qy+fuSxKqMkdQZ0FIceKhS4FJImkuSvpoTOpvSw3Klcw"
    "G6eLq8AlIKKJLTonCaWvp0OpDBsHqy8lbSwWGiOiEJhWKamr0S+cl5+giSPEiS2lcK1rqxCgljC1pwcsJ6YLl0UnEyTAqreZbBiXLUMgbSMPKcOu"
    "cCuqH2ol/B0SIdYtyanqphqmBC6HAv0qh4ylpFErhqowJjcoPaQ3q+2ofavZMFQdcq6xqSmus6LMpOIkEChIJ7AlTCYMKRcwOJ8Kri0ov6ihriCo"
    "qxxxqBiOT6yIrpWmm6jbqS+tcSikrUafkK0RK+8ZW5ldrDKhJq42LpygRB6BHdGYeymkLR8YI6lTsUub46ttLxqZT6AzjLullKuqKWgjRqevqWgq"
    "Vqi4JECrZivJKlyoC6hVrHusLSutKMQtzqmPpWQrHR0HHLebPK03EAitjhzKESauoYWRrJupkyM6n2mobyzVoYQegCwpLoomxqL1JPKmBCg9I26v"
    "96/CrKUs6ChkrFUtLqDUqEYiki1zrSitbY3dI/IMFiVXpwKd8JwmrKocdyqMKHKbLqnIKOUx2apQqXuvVx9Bpyqn1Kd6J+Woqq1tqbSYJaWzKLGk"
    "1LB6KViMhKsWDoqfK6htptUdkqeIqt+k/yJkpkypPKWQMP6osqUlr1MpHqrspCwlGpkqrOOp8iX8BDQWvSYMrEqklCkBGu+xBgyfpQGqCahhpQSq"
    "ha3nKROr/6isrLCsNaz4IKSq3qo6KGcmzKyorbGs0qRLrhmkqSHeqL6pcKtSr2mtlRtBsOgCKCGXJVepTaP+LRQnu64VFACgpSptoHgsuhOSKAGx"
    "dZ+LrFoiJjBJLOYk0iP2rN+gHCr+JdypZioPHFaU97HyA6Ej36BVrH2m+CY8g4+hMaiaq3qqbKezqiAlaKzjrFgwkqlmqdmrgasHnECngaySG6Uk"
    "xisMqOUlb62XFiwmQINFLAiq1aVhK+6vIiWfLOWpfy6Cq1Eh7ixEqEKoWClqKTYlpa7yrQcsozFToV8yTqJnKlIo6airElKqvZlQpWqDdaRqp7As"
    "uqVMqT6rJhmerMYtSi2+J/evnCzCrEAp/xwlMEOsLCgmL86nLy3eMTKdarCPr2WfE6ymqDSbjyzoi0UtVCP0KOOdd6RWKlWg6qoUJYsu9CgpMQ+t"
    "Pq17qCWoiyWhK5WoiZTxLr0pUh7ZoSWoCS65Lk+r4aw5FlgkDo/LKeWrfijXqW2n/JIuJs+s0izaKD8oLS7yqUmpzhNHqoMt66QYJ60qoi9Srckr"
    "K6BzrXawTSfZIECZwJoOrNWIS6/LJIQigilNrXKsMCz4Jc+qtSz1qRIoQKzxKfqa9S1pIP4tTStSoTcsRKfwKjwUtSzULuSs2KhprJuc6qtlgGyq"
    "/qhGLKiV1ictrbGsxqx5JG4sAwTDI9meca38Jf6dFi1TJl4mBipALT4tYTH2oe+uUKxqG0+v1yt6nhIpvQ0OrVSudyhJK/YlcK8YMcCqFy0hsOUc"
    "h7C0jMkoTqp5LNWrVq3NIlArdyvvq0wy2yKyKoskcKoNqHoYxB0yL3WKTakeD/csSyVeLNUtP66VJj8sJCXorMswBa/KqAupVq7osfcuSytOMKcs"
    "eCzkrt6hCBmdKnUv4CMArbAX6ik6iuSsVa0CLrGfaSzuITmfoCO9LwAccigCrcsfOiuYJtiwjCbZr2ErTC5NLRmkICAnGHCuIrOhmogoiSTLIOwb"
    "7IwirLOqHaUImakr7yQUK52pGioPqXQs06yxKaKnZ6emqJ2r+6/7oEkeyaIzqgElfpzvpTikUyjXrWmsnRwhrcYAaKmtrVgwPyUaMEQoq6tLK7kw"
    "FzB/rDypn6s+LV6hyKq1rp+tJ6wbMriryqXfL2Oi866zLRwsqaexIeiRpCSciMCnuxVpJ62dKS8PnsCWhS+2MeQsOR5brXUjHDIJnQiwAyTSolAf"
    "yC4zpJksVJuAIGMlcbHcqk6sLqrWjTgpDY06qnauZajlHBUpcqwSrcOb3aKqqVsthSWXJeIs/anerestJy1nGo2eRi63KN4saJrxrNCupB99oBcx"
    "rxt7K3sJ1KglrVqogiX8pkKt3K1jLREo+CxaKBcvcCpFLO2oiSbQJxwtoSnKsOGqYCxwpioiqix5LmGwzaZ9LYGbqSwBg6WtXazDKKGoJa4RJ8St"
    "aiy6nUuqWS6Cq0QkKKggnLOtIqQsrQIYcahiLQWsiiSiHbStOCunKmQuHa/UHR+sP4bTnYQrqiqOI1QjP63Soy+mHh4WqxEpFC1gIJiqe6CDsZsm"
    "BKR/pcUh+jHLqg+vLKHZJKmoWa1DsMwvth1cLAEKihr9Laqp66HBrT+i+iuEJ0qsBi97JEupe65BLMUhjCzCpD8uULEOJqWwga+CKqwSLK+9qWYk"
    "NarBKfSg4Cw2kL4YRiiDrTgpXyJGq7+tC6gDqRYrNJ3UpRmZwS1qrf6mOya9rTsto6PkKEydDiegGV0fBaxAsHegbSPNC3MsX4ACrU+styltG84r"
    "5K6EKRgqHC3hpQ0om638I/Yp5acnJnSnnCfLpgkwqa0bI4CtwSBPMG4jH7CisRMpyqARJAqFoqRIKFOmFRteLkwlSSxRoKMprSldGEWuDaQ4q/Ks"
    "oKvtJFarMSxEKdmIuB45KPcdrA5eJHwmLCino/OfxKu6jhCgZirgKJ0p6ymNromfla0Yo8chV5/gKLOkbbCtIZOVRpySJbqgVyWpL88qCCl1nG0s"
    "iKQRsLqsqJnzGI2r6YjIrdKnQSsAoy2yAykCqQCqby0TqAGqpKuupTydTKlEqt+p7ygTsA0ypCYWrQ4pUJylsOCuRSmcMJCrC5BTIWePtqZxo0ot"
    "bSlYpPes4KPrJJIn/DEpqMIkaqwpH3wtcKrApvKqla4jMoslCq4FKh+mVq2KKpirMiJoqgOiqCnkjAqotqwjraEosaRlrC0Fw536qnGluyJULI6o"
    "Mq1mmdMoVSk0LY8n/p8NqKShMSimjJgfGaa0q7qr4yqBHGIw+wSSqTqgPK1lJuaj1KDcLU8uSqqVktQlnyppqdEu7ahPLP+qSq/2JCiw5ay4pZ2m"
    "nCDsHTgqsayYpSUxzZVtMUkMbKzsJeioBCnUrJglLacHKZetgy5EovmmKaVsKHoq4y48nVIc3bJqH7uvQrD1Kbmh9Cd+MK2pIK5Pp26hlbA+hd6t"
    "bazPraOn/aHqI4Uv3qgsnIan4JgMG7MmtK3ykOGdkSztHB4pgqWtq/Otgy3jIdSlnKXMITmwQ64ThCExvYa/rV2sGSGyJHskRSGQME0cGionLoQp"
    "WK+PrKmiT6AAK/qZHyc2sAuuEip9prQvSRsYJ6sq6xvEqoCl45RkqEuGHqeclsmsuqGUrf+nFy4MpUSr36U0rEerXaoZK/4sIKzEJw2kHxSZsCMq"
    "dK4SFcYYnrCcsIysMyO6KUggXC3aBWCou6pDJTeeRCFZoomou6zNqcArKySbMEqp2bDUrvKcqKj0MCopzJ6TKiCqQ5y2oN4hRC3HLKmhiCPzoT6k"
    "fongrN6pva0bp6anMKECLkirsa/oJacYzKTYq8sqe6pdp5UtczBKKESsnilbqFat+yLllTCwtqmFLWQvsZwIqvABcq6xp6St3qTPLdWhSKfzrKit"
    "4SgDLVGobiQggy0CXyoJLsUtUBh2rq+rM6bgJVwisS58rSKuKaYwMFUTMyTbicystirzHdwoGzDtJC8uXS5LHgAmmSv0K/EpwjKtrtMn7K9tLy0q"
    "y6zBrfQe7ykelzuYfzBkq/esh7PElIam24nWqSOtHCmxH1EmbxVsLjIrgqW4JaSqZylHsVsqOp+iJv0oLCEImx+uG6b0nAwuSBxJHmijfJ7AJrkk"
    "jKBvLL6KRaVJqeOtyib8qkqqJSw0qa2sHqolnpIppamqr/skISzTJk4sJqJqrCOqJKdHpqUb0CntJfisk60TsbKY2C5+jRMy4ypDL6ouYS0EK9eu"
    "KSsoNf4sdSqYL+Cpdi9Frruwdq2OLDIvKS3aMfswBDDup/atyzHTLLWqerqRpZwxrKgPNn41fDLuucW2liZXq1O8/Dh9MBw6DzUSuja69iazOfw6"
    "oTomtFepJbr0tC25fzUHOYq9UCcCuim8sB6YOdSSHjZbOI43fzLfOoU3orgyOIc4+DgvNn05zbbsOb+2hbjsuPY6XTrvORI5mzdxOTKpQLmROtA3"
    "468="
)
