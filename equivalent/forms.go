package equivalent

// Forms are all there are.
var Forms = []Form{
	{"curl", "curl commands that ask for the same", "# ", curl},
	{"python", "lines of Python that ask docker-py for the same", "# ", python},
}

// Named returns the form of this name; nil if there is none.
func Named(name string) *Form {
	for i := range Forms {
		if Forms[i].Name == name {
			return &Forms[i]
		}
	}
	return nil
}
