"""What the invented people of the demonstration say. Original wording; any likeness is accidental."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A thread: where, who, what, the replies, and the drafters' answer (who, kind, words)."""

    clause: str
    who: str
    words: str
    replies: tuple[tuple[str, str], ...] = ()
    answer: tuple[str, str, str] | None = None
    resolved: bool = False


# (author, clause, words found, words instead)
EDITS_BEFORE: list[tuple[str, str, str, str]] = [
    ("Hugo Tanvier", "Champ d’application", "forums, blogs,", "forums, blogs, podcasts,"),
]
EDITS_AFTER: list[tuple[str, str, str, str]] = [
    (
        "Idris Le Goff",
        "Comptes personnels et comptes professionnels",
        "L’adresse électronique professionnelle n’est pas utilisée pour créer un compte personnel.",
        (
            "L’adresse électronique professionnelle n’est pas utilisée pour créer un compte personnel, sauf sur un outil "
            "que l’entreprise fournit."
        ),
    ),
    (
        "Hugo Tanvier",
        "Contenus de tiers et intelligence artificielle",
        "dans un outil non agréé.",
        "dans un outil non agréé ; la liste des outils agréés est publiée en interne.",
    ),
]

THREADS: list[Said] = [
    Said(
        clause="Usage personnel au travail",
        who="Bastien Corvel",
        words="Qui décide de ce qui est « raisonnable » ? Sur la ligne, la pause dure dix minutes.",
        replies=(
            ("Élodie Marchetti", "Même question à l’accueil : on nous a déjà fait la remarque pour deux minutes."),
        ),
        answer=(
            "Idris Le Goff",
            "partly",
            "Le mot reste, car la loi demande une appréciation au cas par cas. Nous retirons en revanche l’idée que le responsable en serait seul juge.",
        ),
        resolved=True,
    ),
    Said(
        clause="Comptes personnels et comptes professionnels",
        who="Inès Monnier",
        words="Et pour les plateformes de formation que l’entreprise nous propose ? Mon compte y est personnel, mais l’inscription ne fonctionne qu’avec l’adresse de travail.",
        replies=(("Nadia Ferrand", "Le cas est fréquent en atelier, il mérite d’être écrit."),),
        answer=(
            "Camille Besnard",
            "partly",
            "Vous avez raison pour les outils que nous fournissons : la révision suivante les cite comme exception. Pour les autres services, la règle protège vos accès si vous quittez l’entreprise.",
        ),
    ),
    Said(
        clause="Dire d’où l’on parle",
        who="Karim Belhadj",
        words="Faut-il vraiment le répéter à chaque message, ou une fois dans le profil suffit-elle ?",
        answer=(
            "Idris Le Goff",
            "accepted",
            "Une fois dans le profil suffit. Nous l’écrivons dans la prochaine révision.",
        ),
    ),
    Said(
        clause="Volontariat et droit à la déconnexion",
        who="Lucie Fontanel",
        words="Quand on me demande de relayer un recrutement le dimanche, est-ce du temps de travail ?",
        replies=(("Marc Aubertin", "Et si je refuse, est-ce que cela se voit dans mon évaluation ?"),),
        answer=(
            "Camille Besnard",
            "accepted",
            "C’est volontaire, et rien n’en est retenu dans l’évaluation. La clause le dit désormais en toutes lettres.",
        ),
        resolved=True,
    ),
    Said(
        clause="Échelle des sanctions",
        who="Nadia Ferrand",
        words="L’échelle doit être celle du règlement intérieur et aucune autre. Le texte pourrait le dire plus nettement.",
        answer=(
            "Camille Besnard",
            "accepted",
            "La clause renvoie maintenant à l’échelle du règlement intérieur « à l’exclusion de toute autre ».",
        ),
        resolved=True,
    ),
    Said(
        clause="Contrôle et preuve",
        who="Gaëlle Roussin",
        words="Un outil de veille, même sur l’image de l’entreprise, suppose la consultation du comité avant sa mise en place.",
        answer=("Camille Besnard", "accepted", "C’est écrit, avec l’article L2312-38 du code du travail."),
        resolved=True,
    ),
    Said(
        clause="Droit à l’image et données des collègues",
        who="Lise Corbin",
        words="Un accord par campagne, ou un accord par photographie ? Pour les salons, nous en faisons plus de deux cents.",
        answer=(
            "Idris Le Goff",
            "answered",
            "Un accord par usage annoncé : un salon, une campagne. La personne peut toujours le retirer.",
        ),
    ),
    Said(
        clause="Salariés ambassadeurs",
        who="Noémie Ricard",
        words="Est-ce que les collègues sans ordinateur peuvent aussi devenir ambassadeurs ?",
        answer=(
            "Idris Le Goff",
            "accepted",
            "Oui, la formation sera proposée à tous les métiers, sur le temps de travail.",
        ),
        resolved=True,
    ),
    Said(
        clause="Contenus de tiers et intelligence artificielle",
        who="Olivier Pastor",
        words="Que veut dire « outil agréé » ? Personne ne sait où trouver la liste.",
        answer=("Hugo Tanvier", "accepted", "La liste sera publiée en interne et la clause y renverra."),
    ),
    Said(
        clause="Représentants du personnel et organisations syndicales",
        who="Mehdi Carpentier",
        words="Merci de préciser que la charte ne s’applique pas aux communications des sections syndicales.",
        answer=(
            "Camille Besnard",
            "accepted",
            "C’est l’objet de la clause : elle ne restreint ni cette communication ni l’expression des élus.",
        ),
        resolved=True,
    ),
    Said(
        clause="Une liberté d’expression garantie, qui connaît des limites",
        who="Pauline Verdier",
        words="Peut-on critiquer une décision de l’entreprise sur son propre compte sans risquer quelque chose ?",
        replies=(("Quentin Marsan", "C’est la question que tout le monde se pose."),),
        answer=(
            "Camille Besnard",
            "answered",
            "Oui. La critique mesurée fait partie de la liberté d’expression ; seul l’abus est visé : injure, diffamation, propos excessifs.",
        ),
    ),
    Said(
        clause="Recours",
        who="Rose Delattre",
        words="À qui s’adresser quand le référent est justement la personne concernée ?",
        answer=(
            "Camille Besnard",
            "partly",
            "Aux ressources humaines ou à un représentant du personnel : la clause cite les deux. Un second référent sera désigné par site.",
        ),
    ),
]

SECOND_THREADS: list[Said] = [
    Said(
        clause="Dire d’où l’on parle",
        who="Tiphaine Gallois",
        words="Bien mieux ainsi. Faut-il aussi le faire sur un compte où l’on ne parle jamais du travail ?",
        answer=("Idris Le Goff", "answered", "Non : la recommandation ne vise que les sujets liés à l’entreprise."),
    ),
    Said(
        clause="Dire d’où l’on parle",
        who="Samuel Okoye",
        words="« Une mention durable » : est-ce que le nom de l’entreprise suffit, ou faut-il une phrase ?",
        replies=(("Valérie Simonet", "Une phrase type aiderait beaucoup."),),
    ),
    Said(
        clause="Comptes personnels et comptes professionnels",
        who="Élodie Marchetti",
        words="La plateforme de formation exige toujours l’adresse de travail. L’exception est-elle déjà valable ?",
        answer=(
            "Camille Besnard",
            "accepted",
            "Oui, pour les outils que nous fournissons. Nous ajoutons leur liste en interne.",
        ),
    ),
    Said(
        clause="Usage personnel au travail",
        who="Ulysse Bonnard",
        words="Dans la zone de stockage, le téléphone est interdit pour la sécurité. La charte passe-t-elle avant ?",
    ),
    Said(
        clause="Sécurité des comptes officiels",
        who="Lise Corbin",
        words="Deux administrateurs par compte, d’accord, mais qui remplace quand les deux sont en congé ?",
    ),
    Said(
        clause="Demander conseil, signaler",
        who="William Perrot",
        words="Deux jours ouvrés, c’est long pendant une polémique. Un numéro d’urgence serait utile.",
        replies=(
            ("Yasmine Haddad", "D’accord, surtout le week-end."),
            ("Nadia Ferrand", "Nous le demandons aussi, avec une astreinte rémunérée."),
        ),
    ),
    Said(
        clause="Demander conseil, signaler",
        who="Yvonne Tessier",
        words="Le délai de réponse est une bonne chose. Sera-t-il suivi dans un bilan ?",
        answer=(
            "Hugo Tanvier",
            "accepted",
            "Oui, le bilan annuel présenté au comité comptera les demandes et les délais.",
        ),
    ),
    Said(
        clause="Contenus de tiers et intelligence artificielle",
        who="Zoé Charpin",
        words="Une traduction automatique relue, faut-il la signaler ?",
    ),
    Said(
        clause="Protéger sa vie privée",
        who="Xavier Lemoine",
        words="La formation sur les réglages de compte était très utile. Peut-on la rendre accessible en ligne ?",
        answer=("Idris Le Goff", "accepted", "Elle sera filmée et sous-titrée."),
    ),
]
