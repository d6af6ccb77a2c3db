package equivalent

// goRequest is the form of what the client has no method for: the request itself.
func goRequest(a *wanted, g *golang) {
	r := a.x.Request
	a.spent = allSpent(a)
	a.body.use()
	body := goWord("nil")
	if s := sentBy(a.x); s.there && s.file == "" {
		body = goCall("strings.NewReader", g.str(s.text))
	} else if s.there {
		body = goFile(s.file)
		g.note(s.note)
	}
	g.line(goCall("request", g.str(r.Method), g.str(r.Target), body))
	if a.x.Request.Call.Operation != "SystemPing" {
		g.note("The client has no method for this: it is the request itself.")
	}
}

// allSpent is all parameters of a request.
func allSpent(a *wanted) map[string]bool {
	all := make(map[string]bool)
	for name := range a.query {
		all[name] = true
	}
	return all
}
