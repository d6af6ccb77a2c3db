package lesson

import (
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/explain"
)

// verbs are all that headings begin with.
var verbs = strings.Fields(`Add Ask Begin Build Call Carry Change Close Connect Copy Create Disable Draw Enable End Fetch Freeze Get Give Hand Have
	Install Keep Let List Load Look Make Mount Open Pass Prepare Pull Put Read Record Remove Replace Return Run Save Say Search Send Set Start Stop
	Store Take Tell Try Turn Unlock Unpack Update Wait Write`)

// TestHeadings: what each operation is headed with tells to do something that is a verb, and
// no list is cut.
func TestHeadings(t *testing.T) {
	for _, e := range explain.All() {
		got := imperative(e.Short)
		verb, rest, _ := strings.Cut(got, " ")
		if !slices.Contains(verbs, strings.TrimSuffix(verb, ",")) || rest == "" {
			t.Errorf("%s: %q becomes %q", e.Name, e.Short, got)
		}
	}
	for name, want := range map[string]string{
		"SystemDataUsage":            "Add up how much disk space images, containers, volumes and builds take",
		"ContainerStats":             "Read how much a container uses of CPU, memory, network and disk",
		"ContainerCreate":            "Create a container from an image",
		"ContainerInspect":           "Ask for all about one container",
		"ContainerResize":            "Tell a container's terminal how large it is",
		"SystemVersion":              "Ask for the versions of the daemon and of its parts",
		"SystemInfo":                 "Ask how the daemon is set up",
		"NodeUpdate":                 "Change the role, the availability or the labels of a node",
		"Control/UpdateBuildHistory": "Keep, change or delete the record of a build",
		"LLBBridge/Solve":            "Have a part of a build done",
	} {
		e := explain.Of(name)
		if e == nil {
			t.Errorf("%s is not known", name)
		} else if got := imperative(e.Short); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := imperative("Stops and removes what is there."); got != "Stop and remove what is there" {
		t.Errorf("%q", got)
	}
}
