"""How text speaks to a model or to software: the patterns, in the words of those who try it and in those of several languages.

Matched against a skeleton (`daemon.faithfulness.instruction.instructions`): lower case, without accents, look-alikes and what is invisible.
A space in a pattern stands for whatever separates two words. Collected from published prompt injections (Perez and Ribeiro 2022,
"Ignore Previous Prompt"; Greshake et al. 2023; OWASP LLM01), the chat templates' own documentation, and what would end the
mark of this program's drafts. Each is as narrow as clinicians' talk asks: "ignore the pain", "responds only to voice",
"follow the instructions above", "system: cardiovascular" and "AI" for a leaking valve are none.
"""

from __future__ import annotations

import re

BETWEEN = r"[\s,;:*_~\"'`/|–—-]{1,6}"
"""What may stand between two words of a pattern."""
# Where somebody is told to do something: at a beginning, behind a mark, or behind one of these words.
_TELLING = (
    r"(?:^|[.!?:;,\n\"'(\[>*#–—-]\s*|\b(?:please|must|should|shall|you|now|then|and|instead|simply|just|always)\s+)"
)

_INSTRUCTIONS = (
    r"(?:instructions?|prompts?|directions|guidelines?|directives?|rules|commands?|constraints|safeguards|policies)"
)
_EARLIER = r"(?:above|previous|prior|earlier|preceding|foregoing|former|initial|original|system|existing|safety|your)"
_IGNORE = (
    r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overlook|overrid(?:e|ing)|bypass|neglect|discard|do not follow|don't follow|"
    r"do not obey|stop following|stop obeying|pay no attention to)"
)
_DRAFT = r"(?:draft|note|document|letter|summary|chart|handout|e-?mail|record|file|output|form|text|content|packet|page|report)"
_THIS = rf"(?:(?:this|it|that|everything|all(?: of)?(?: this)?|the|my|your|entire|whole|final|status|of|{_DRAFT})(?: |\b)){{1,4}}"
_DONE = r"(?:reviewed|approved|signed(?: off)?|verified|finali[sz]ed|final|authorised|authorized|clinician.?reviewed|human.?reviewed)"
_MODEL = (
    r"(?:(?:large )?language model|llms?|chat ?bot|chat ?gpt\S*|gpt.?\d\S*|ai (?:language )?(?:model|assistant|system|tool|agent|bot|scribe)|"
    r"artificial intelligence|unrestricted|uncensored|jailbroken|(?:virtual|digital|helpful|different|obedient|evil) assistant)"
)

_ANYWHERE = (
    # Earlier instructions taken back.
    rf"(?<!not\s)(?<!n't\s)(?<!never\s){_IGNORE}(?: (?:all|any|every|everything|each|of|the|these|those|my|that|are|is|in|and|other|were|was|"
    rf"given|said|written|stated|what|came|what's|it|about)){{0,6}} (?:{_EARLIER} ){{1,3}}(?:\w+ ){{0,2}}{_INSTRUCTIONS}\b",
    rf"(?<!not\s)(?<!n't\s)(?<!never\s){_IGNORE} (?:all|any)(?: of)?(?: (?:the|these|those|my|other))? {_INSTRUCTIONS}\b"
    r"(?! (?:from|for|about|on|regarding))",
    rf"(?<!not\s)(?<!n't\s)(?<!never\s){_IGNORE}(?: (?:all|any|everything|anything|of|the|that|that's|is|was|what|what's|which|came|"
    r"stands|written|said|stated|text|content|words|instructions|line|lines))* (?:above|foregoing|preceding|(?:before|above|until|prior to) this"
    r"(?: (?:line|point|message|text|sentence))?)"
    r"(?=\s*(?:$|[.,;:!?\"')\]<\n–—-])| (?:and|instead|then|text|content|prompt|message|input|instead|now|passages?|transcript)\b)",
    rf"(?:previous|prior|above|earlier|all|your|these) (?:\w+ )?{_INSTRUCTIONS} (?:are|is|were|have been|has been) (?:now |hereby )?"
    r"(?:void|cancell?ed|revoked|obsolete|superseded|no longer|replaced|overridden|suspended|null)",
    r"your (?:new|real|actual|true|only|next) (?:task|role|job|goal|purpose|objective|persona)(?: now)? (?:is|are|will be)",
    rf"{_IGNORE} (?:everything|anything|all|whatever|what)(?: that)? you (?:were|have been|know|learned|have|had)(?: \w+){{0,3}} "
    r"(?:before|previously|earlier|so far|until now|instructed|programmed)\b",
    rf"{_IGNORE} (?:the )?users?(?:'s)? (?:request|message|instructions?|question|input|prompt)\b",
    r"\bbegin (?:new|system|override|secret|hidden|real) instructions?\b", r"\byour (?:\w+ )?prompt(?=\s*(?:[?.!;]|$))",
    r"stop (?:being|acting (?:as|like)) (?:an? |the )?(?:scribe|assistant|ai|model|bot|summari[sz]er)\b",
    r"from (?:now|this point|here) on(?:wards?)? you (?:will|must|shall|should) (?:only )?(?:follow|obey|respond|act|answer|reply|output)\b",
    # What the reader is said to be.
    rf"you(?: are|'re)(?: now)?(?: (?:an?|the|in|my|not))? (?:\w+ ){{0,3}}(?:{_MODEL}|dan|developer mode)\b",
    r"you(?: are|'re) (?:now|henceforth) (?:an?|the|my)(?: \w+){0,3} (?:assistant|bot|scribe|persona|pirate|hacker|administrator|admin|"
    r"terminal|interpreter|reviewer|physician who|doctor who|clinician who)\b",
    rf"(?:as|if you are|if you're|since you are|because you are) (?:an? |the )?(?:{_MODEL}|ai(?=\s*,| (?:i|you|we)\b))",
    rf"(?:act|behave|respond|answer|pretend|role.?play)(?: (?:as|like|to be|you are|that you are|if you are|if you were)){{1,2}} "
    rf"(?:an? |the |my )?(?:\w+ ){{0,2}}(?:{_MODEL}|ai|administrator|root|terminal|(?:reviewing|approving|supervising) (?:physician|clinician|doctor))\b",
    rf"(?:attention|note|notice|message|instructions?|memo|hint)(?: (?:to|for|all)){{0,2}} (?:the |any |this |every )?"
    rf"(?:{_MODEL}|ai(?: \w+)?|(?:the )?model|software|summari[sz]er|drafter|chartdraft|transcriber|parser)\s*[:,!–—-]",
    rf"(?:dear|hey|hello|hi|ok(?:ay)?) (?:the )?(?:{_MODEL}|ai|chartdraft|summari[sz]er)\b",
    r"(?:the )?(?:language model|llm|chat ?bot|ai (?:model|assistant|system|agent)|chartdraft|summari[sz]er|drafting software)(?: that| which)?"
    r"(?: \w+){0,4} (?:must|should|shall|needs to|has to|is (?:to|required|instructed|told))\b",
    r"\bsystem prompts?\b", r"\b(?:developer|god|debug|admin|sudo|maintenance|jailbreak) mode (?:is |now )?(?:on|enabled|activated|engaged)\b",
    r"\b(?:prompt|system|developer) (?:override|injection|message)\b", r"\bsystem (?:instructions?|notice|alert)\s*:",
    r"(?:reveal|show|print|repeat|display|leak|output|tell)(?: me)? (?:your (?:\w+ )?prompt|(?:your|the) (?:system|hidden|secret|initial|"
    r"original) (?:prompt|instructions|message))",
    # The mark, the findings and the review.
    rf"(?:mark|flag|set|label|stamp|record|treat|consider|count|list|show|file|save|tag)(?:ed|s|ing)? {_THIS}(?: (?:as|to|been|already|having)){{0,3}} {_DONE}\b"
    r"(?! (?:labs?|results?|imaging|by the patient|once|when|after|until|unless|warning))",
    rf"\bset (?:the )?(?:review |draft |document |note )?status (?:to|as|of)? ?{_DONE}\b", rf"\bstatus *= *\W?{_DONE}",
    r"(?:remov|delet|dropp?|omit|hid|hide|eras|strip|suppress|replac|chang|clear|cross|swap)(?:e|t?ing)?(?: \w+){0,5} (?:unreviewed|un-reviewed|watermarks?)\b",
    r"(?:take|leave|get|without)(?: \w+){0,3} (?:unreviewed|(?:the )?watermark)\b", r"\b(?:not|no longer|isn't) unreviewed\b",
    r"(?:remove|delete|drop|omit|hide|erase|suppress|replace) (?:\w+ ){0,3}(?:draft|review|warning|status) (?:mark|label|stamp|banner|notice|watermark|flag)s?\b",
    r"(?:this|the) (?:\w+ )?(?:draft|note|document|letter|summary) (?:is|was|has been|may be)(?: already| hereby)? (?:approved|released)\b",
    r"\b(?:do not|don't|never|no need to|refrain from|avoid|without)(?: \w+)? flag(?:ging)?\b",
    r"\b(?:do not|don't|never) (?:mark|label|stamp) (?:this|it|the (?:draft|note|document|letter)|anything)\b(?! (?:on|in|with))",
    r"\b(?:do not|don't|never) (?:add|include|show|print|raise|report|list) (?:any |a |the )?(?:\w+ )?(?:findings?|cautions?|watermarks?|disclaimers?|omissions)\b",
    rf"\bmark as {_DONE}(?=\s*(?:$|[.!;,\n]))", r"\breviewed\s*=\s*\W?(?:true|yes|1)\b", r"\bunreviewed (?:mark|banner|label|stamp|watermark|status|notice)\b",
    rf"(?:this|the) (?:\w+ )?(?:draft|note|document|letter|summary) (?:has|is|was) already(?: been)? {_DONE}\b",
    r"(?:skip|bypass|disable|avoid|omit) (?:(?:the|any|human|clinician|physician|manual|clinical|further) ){0,3}(?:review|verification)(?: (?:step|mark|process))?(?=\s*(?:$|[.!;,\n]))",
    r"no (?:further|human|clinician|additional|more) (?:review|reading|checking|verification)(?: is)? (?:needed|required|necessary)\b",
    r"(?:change|set|rename|replace) the (?:(?:document|draft|note) )?(?:title|heading|header|footer|(?:document|draft|note|review) status) (?:to|as|with)\b",
    r"(?:omit|leave out|exclude|hide|delete|remove|drop)(?: \w+){1,6} from (?:the|this|your|any) (?:summary|draft|output|answer)\b",
    r"do not tell(?: \w+){1,3} about this (?:text|message|instruction|line|note)\b",
    # The form of the answer.
    r"\b(?:output|return|respond|reply|answer|print|emit|write|produce|generate|give)(?: \w+){0,5} (?:json|xml|html|yaml|markdown|base64)\b",
    r"(?:add|create|insert|append|start|begin|open)(?: (?:an?|the|one|another|this)){0,2} (?:new |extra |additional |further )?section (?:called|titled|named|headed|:)",
    r"(?:add|create|insert|append|start|begin)(?: (?:an?|the|one)){0,2} (?:new|extra|additional|another|further) section\b(?! of)",
    r"\{\s*\\?\"(?:text|key|statements?|sections?|evidence|role|content|status|findings?)\\?\"\s*:",
    r"(?:^|\s)\[p\d{1,4}\]\s+\S", r"\bend of (?:the )?(?:passages|prompt|context window|user input|system message)\b",
    r"\b(?:output|respond|reply|answer|print|write|say|return)\b.{1,60} and nothing else\b", r"\b(?:do not|don't|stop|instead of) summari[sz](?:e|ing)\b",
    r"(?:add|insert|include|append) the (?:following )?(?:sentence|phrase|statement|words?)\s*:?\s*[\"']",
    # Control tokens and turns of chat templates.
    r"<\s*\|[^|<>\n]{1,40}\|\s*>", r"<\|?/?(?:im_start|im_end|im_sep|endoftext|eot_id|start_of_turn|end_of_turn|bos|eos|s)\|?>", r"</?s>",
    r"\[/?inst\]", r"<<\s*/?sys\s*>>", r"\[/?system\]",
    r"</?(?:system|assistant|user|human|instructions?|prompt|tool_call|tool_response|function_call|think|thinking|passages?|transcript)(?:\s[^<>]{0,80})?>",
    r"#{2,}\s*(?:new )?(?:instructions?|response|system|human|assistant|user|input|prompt)\b\s*:?",
    r"(?:^|\n|[.!?]\s*)(?:system|user|human)\s*:.{0,400}\bassistant\s*:",
    r"(?:^|\n|[.!?\"]\s*)system\s*:\s*(?:you (?:are|must|will|should|shall|now|only|never)\b|your (?:task|role|job|answer|output|reply)\b|ignore|disregard|never|always|output|respond|reply|answer|write|override|remove|mark\b|delete|forget|"
    r"from now|leave|drop|approve|sign|do not|the (?:user|assistant|model|draft|note)|this (?:draft|note|document)|new\b|add)",
    r"(?:^|\n|[.!?\"]\s*)assistant\s*:\s*(?:sure|certainly|understood|of course|here (?:is|are) (?:the|your) (?:note|draft|summary|json|soap|document))",
    # Markup that would act where it is shown.
    r"<\s*/?\s*(?:script|iframe|img|object|embed|svg|style|meta|link|base|html|body|video|audio|form|input|textarea|button)\b[^<>]{0,300}(?:>|$)",
    r"!\[[^\]\n]{0,200}\]\([^)\n]{0,300}\)", r"\[[^\]\n]{1,200}\]\(\s*(?:https?|javascript|data|file|mailto):[^)\n]{0,300}\)",
    r"\{\{[^{}\n]{0,200}\}\}", r"\{%[^{}\n]{0,200}%\}", r"\$\{[^{}\n]{1,200}\}", r"\bjavascript\s*:", r"\bdata:text/html\b",
    r"\bon(?:error|load|click|mouseover)\s*=", r"<!--", r"<!\[cdata\[", r"(?:^|\s)=(?:hyperlink|cmd|webservice|importxml)\b",
    # Spanish, Portuguese and Italian, French, German, Chinese.
    r"(?<!no\s)(?:ignor(?:a|e|ar|en|ad|i)|olvid(?:a|e|ar)|desestim(?:a|e)|descart(?:a|e)|esquec(?:a|er)|desconsider(?:e|ar)|dimentica|"
    r"haz caso omiso de|hagas? caso omiso de|no (?:sigas|siga) )\s?(?: ?(?:tod[oa]s|tutte|as|os|las|los|le|de|tus|sus|suas|tue|cualquier)){0,4} "
    r"(?:instruc\w+|indicaciones|ordenes|reglas|regras|istruzioni) (?:anterior\w*|previas?|precedent\w*|de arriba|acima|arriba|del sistema|do sistema)",
    r"marc(?:a|ar|alo|ala|que) ?(?:esto|este|esta|el|la|documento|borrador|nota|informe| )* como (?:revisad|aprobad|firmad)[oa]",
    r"(?:eres ahora|ahora eres|actua como|a partir de ahora eres) (?:un |una |el |la )?(?:ia|asistente|modelo|inteligencia|administrador|chatbot)\b",
    r"(?:elimina|quita|borra|suprime)r? (?:la |el )?(?:marca|sello|aviso)\b", r"\bno (?:marques|senales) (?:nada|esto|este|esta)\b",
    r"(?<!pas\s)(?:ignore[zr]?|oublie[zr]?|neglige[zr]?|ne (?:tenez|tiens) (?:pas |aucun )?compte|fai(?:s|tes) abstraction)"
    r"(?: (?:de|des|d|toutes|tous|les|vos|tes|aux)){0,4} (?:instructions|consignes|directives|regles|ordres)(?: \w+)? ?"
    r"(?:precedent\w*|ci-?dessus|anterieur\w*|du systeme|initial\w*)",
    r"marque[zr]? (?:ceci|cela|ce|cette|le|la|document|brouillon|note| )+ comme (?:etant )?(?:relu|revis|verifi|approuv|valid|sign)\w*",
    r"(?:tu es|vous etes) (?:maintenant|desormais) (?:une? |l'?)?(?:ia|assistant|modele|administrateur|chatbot)\b",
    r"(?:supprime|enleve|retire|efface)[zr]? (?:la |le |l'?)?(?:mention|filigrane|marque)\b",
    r"(?:ignorier(?:e|en|t)?|vergiss|vergessen|missachte[nt]?|beachte[nt]?|uberspringe[n]?)(?: sie)?(?: (?:alle|die|deine|ihre|saemtliche|samtliche|jegliche|bitte|nicht)){0,3} "
    r"(?:(?:vorherig|bisherig|obig|vorig|fruher|vorangegangen|vorstehend|ursprunglich)\w* (?:anweisung|instruktion|regel|vorgabe|befehl|anordnung|text)\w*|"
    r"systemprompt|(?:anweisung|instruktion|vorgabe)\w* (?:oben|von oben|des systems|zuvor))",
    r"markier(?:e|en|t)?(?: sie)? (?:das|dies|diese[nsm]?|den|die|entwurf|dokument|brief|notiz|bericht| )+ als (?:gepruft|uberpruft|freigegeben|gelesen|genehmigt|reviewed)",
    r"(?:du bist|sie sind) (?:jetzt|nun|ab jetzt|ab sofort) (?:ein |eine |der |die |kein )?(?:\w+ )?(?:ki|ki-?assistent|assistent|sprachmodell|chatbot|administrator)\b",
    r"(?:entferne|losche|streiche)n?(?: sie)? (?:den |die |das )?(?:\w+ )?(?:wasserzeichen|vermerk|ungepruft\w*|unreviewed)\b",
    r"(?:忽略|无视|忘记|不要理会).{0,8}(?:指令|指示|说明|提示词|内容)", r"(?:игнорируй|забудь).{0,24}(?:инструкци|указани)\w*",
)  # fmt: skip

_TOLD = (
    rf"{_IGNORE}(?: (?:the|these|those|all|any|your|my|other))? (?:system |safety )?{_INSTRUCTIONS}(?=\s*(?:$|[.!;\n]| (?:and|instead|then)\b))",
    r"(?:respond|reply|answer|output|print|return) (?:only|solely|exclusively|nothing but|just) (?:with|in|as|using|:|the (?:json|text|word|words|note|following|number))",
    r"(?:only|solely) (?:respond|reply|output|print|return) (?:with|in|the|as|using)\b",
    r"from now on(?: you)?(?: (?:will|must|should|only))* (?:respond|reply|output|write|answer|ignore)\b",
    r"(?:write|state|claim|say|pretend)(?: down)?(?: in the \w+)? that (?:the )?(?:patient|pt)\b",
    r"new section\s*[:=–—-]", r"nueva seccion\s*:", r"nouvelle section\s*:", r"neuer abschnitt\s*:",
    r"(?:escrib(?:e|a|ir)|anot(?:a|e)) que (?:el|la) paciente\b", r"(?:ecri(?:s|vez|re)|note[zr]?) que (?:le|la) patiente?\b",
    r"schreib(?:e|en)?(?: sie)? dass (?:der|die) patient(?:in)?\b",
    r"respond(?:e|a|er) (?:solo|solamente|unicamente) (?:con|en)\b", r"repond(?:s|ez|re) (?:uniquement|seulement) (?:en|avec|par)\b",
    r"antworte[nt]?(?: sie)? (?:nur|ausschliesslich|ausschließlich) (?:mit|auf|in|als)\b",
)  # fmt: skip

_AT_BEGINNING = (
    r"(?:this (?:draft|note|document|letter|summary) (?:is |was |has been )?)?(?:reviewed and (?:approved|signed|verified)|approved(?: and \w+)?)\s+by:? (?:dr|doctor)\b\.?",
)

# Letters set apart, "i g n o r e": what is left when they are drawn together, without a space.
SQUEEZED = re.compile(
    r"(?:ignore|disregard|forget)(?:all|any|the|your|my|these|of)*(?:previous|above|prior|earlier|preceding|instructions?)|"
    r"systemprompt|youarenow|mark(?:this|it|the)?(?:draft|note|document)?asreviewed|unreviewed|approvedbydr|donotflag|outputjson|"
    r"respondonly|newsection|ignore|disregard"
)


def _compiled(body: str, before: str = "") -> re.Pattern[str]:
    """`\\s*` is a few blanks: without a limit, a page of them would be walked through once from each."""
    pattern = f"{before}(?P<hit>{body.replace(' ', f'(?:{BETWEEN})')})"
    return re.compile(pattern.replace(r"\s*", r"\s{0,4}"), re.DOTALL)


PATTERNS: tuple[re.Pattern[str], ...] = (
    *(_compiled(body) for body in _ANYWHERE),
    *(_compiled(body, _TELLING) for body in _TOLD),
    *(_compiled(body, r"(?:^|[.!?\n]\s*)") for body in _AT_BEGINNING),
)
"""In each, the group `hit` is what speaks to the software."""
