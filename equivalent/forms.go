package equivalent

import "strings"

// Forms are all there are.
var Forms = []Form{
	{Name: "curl", Says: "curl commands that ask for the same", Comment: "# ", Of: curl, Aside: inBackground, Pause: "sleep 1", Await: killed},
	{Name: "docker", Says: "docker commands that ask for the same", Comment: "# ", Of: docker, Aside: inBackground, Pause: "sleep 1", Await: killed},
	{Name: "python", Says: "lines of Python that ask docker-py for the same", Comment: "# ", Of: python, Head: pyHead, Begins: []string{pyHead},
		Aside: inThread, AsideSetup: []string{"import threading", "import time"}, Pause: "time.sleep(1)"},
	{Name: "go", Says: "a Go program that asks for the same", Comment: "// ", Of: goClient, Head: goHead, Foot: goFoot, Indent: "\t",
		Aside: inGoroutine, Pause: "time.Sleep(time.Second)",
		Begins: []string{goHead[:strings.IndexByte(goHead, '\n')+1]}},
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
