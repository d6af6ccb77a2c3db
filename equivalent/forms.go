package equivalent

// Forms are all there are.
var Forms = []Form{
	{Name: "curl", Says: "curl commands that ask for the same", Comment: "# ", Of: curl},
	{Name: "docker", Says: "docker commands that ask for the same", Comment: "# ", Of: docker},
	{Name: "python", Says: "lines of Python that ask docker-py for the same", Comment: "# ", Of: python},
	{Name: "go", Says: "a Go program that asks for the same", Comment: "// ", Of: goClient, Head: goHead, Foot: goFoot},
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
