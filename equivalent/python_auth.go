package equivalent

import "github.com/socktrace/socktrace/wire"

// auth adds the credentials that were sent, if there are any.
func (w *pyWriter) auth() {
	v := wire.FieldValue(w.x.Request.Fields, "x-registry-auth")
	if v == "" {
		return
	}
	doc, ok := decodedAuth(v)
	switch {
	case !ok:
		w.environ = true
		variable := w.secrets.name("registry-auth")
		w.named("auth_config", "os.environ['"+variable+"']")
		w.call.note(variable + " is a secret that was masked; docker-py wants a dict with username and password there.")
	case !isEmpty(doc, ""):
		w.named("auth_config", w.value(doc, "auth"))
	}
}
