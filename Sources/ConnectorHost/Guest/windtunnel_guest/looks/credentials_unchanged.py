"""Whether the caller's credentials dict is still what it was when the instance was made: `{"unchanged": bool}`."""


def look(session, parameters):
    credentials, before = session.credentials[parameters["instance"]]
    return {"unchanged": session.encode(credentials) == before}
