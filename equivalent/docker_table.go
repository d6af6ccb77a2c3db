package equivalent

// dockerForm gives the request a in c.
type dockerForm func(a *wanted, c *command)

// dockerTable is forms by operations.
type dockerTable map[string]dockerForm

// ofName is the form of commands with the name of one thing and no more.
func ofName(words ...string) dockerForm {
	return func(a *wanted, c *command) {
		c.say(words...)
		c.args(a.name)
	}
}

// bare is the form of commands that have nothing but their words.
func bare(words ...string) dockerForm {
	return func(_ *wanted, c *command) { c.say(words...) }
}

// listed is the form of commands that list what filters let through.
func listed(words ...string) dockerForm {
	return func(a *wanted, c *command) {
		c.say(words...)
		c.flags("-f", a.filters())
	}
}

// pruned is the form of commands that remove what nobody uses, but for what filters keep.
func pruned(words ...string) dockerForm {
	return func(a *wanted, c *command) {
		c.say(words...)
		c.say("-f")
		c.flags("--filter", a.filters())
	}
}

// removed is the form of commands that remove one thing, by force if asked to.
func removed(words ...string) dockerForm {
	return func(a *wanted, c *command) {
		c.say(words...)
		c.on("-f", a.on("force"))
		c.args(a.name)
	}
}

// without is the form of what no command asks for.
func without(why string) dockerForm {
	return func(a *wanted, c *command) {
		a.body.use()
		c.none(why)
	}
}

// noteRegistry tells of credentials that were sent along.
func noteRegistry(a *wanted, c *command) {
	if credentials(a.x, "X-Registry-Auth") != nil {
		c.note("Credentials for the registry were sent: docker takes those that docker login has kept.")
	}
}

// bodyWords says how much a request has sent.
func bodyWords(a *wanted) string {
	if a.x.RequestBody == nil {
		return "nothing that was seen"
	}
	return sizeWords(a.x.RequestBody)
}
