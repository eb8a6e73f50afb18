"""What the audit log calls things, in words."""

from collections.abc import Mapping

from geodata.language import Words, message

ACTIONS: Mapping[str, Words] = {
    "sign-in": message("signs in"),
    "session.begin": message("session begins"),
    "session.end": message("session ends"),
    "request": message("asks for what is beyond their rights"),
    "wall": message("screen with a token that has ended"),
    "view": message("looks at a page"),
    "download": message("downloads"),
    "account.add": message("makes an account"),
    "account.rights": message("gives rights"),
    "account.disable": message("disables an account"),
    "account.enable": message("enables an account"),
    "account.password": message("sets a password"),
    "account.review": message("reviews an account"),
    "account.export": message("exports the list of accounts"),
    "account.second-factor.begin": message("begins a second factor"),
    "account.second-factor.confirm": message("confirms a second factor"),
    "account.second-factor.use": message("shows a second factor"),
    "account.second-factor.remove": message("removes a second factor"),
    "audit.export": message("exports the audit log"),
    "audit.carry": message("carries the audit log on"),
    "audit.prune": message("prunes the audit log"),
    "store.verify": message("checks the store"),
    "store.backup": message("backs up the store"),
    "store.restore": message("restores the store"),
    "store.drill": message("drills a restore"),
    "submission.add": message("brings in data"),
    "submission.adopt": message("adopts data of an older version"),
    "submission.withdrawn": message("withdraws data"),
    "submission.published": message("lets data count again"),
    "publication.prepare": message("prepares a publication"),
    "publication.published": message("publishes"),
    "publication.abandoned": message("abandons a publication"),
    "store.upgrade": message("brings the store up to date"),
}
"""What was done, by the action's name; of an action that isn't here the name is shown alone."""

RESULTS: Mapping[str, Words] = {
    "done": message("done"),
    "refused": message("refused"),
    "failed": message("failed"),
}
