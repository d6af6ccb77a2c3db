package equivalent

// auth adds the credentials that were sent, if there are any.
func (w *pyWriter) auth() {
	f := credentials(w.x, "X-Registry-Auth")
	if f == nil {
		return
	}
	if doc, ok := decodedAuth(f.Value); ok {
		w.named("auth_config", w.value(doc, "auth"))
		return
	}
	w.environ = true
	variable := w.secrets.name("registry-auth")
	w.named("auth_config", "os.environ['"+variable+"']")
	w.call.note(variable + " is a secret that was masked; docker-py wants a dict with username and password there.")
}
