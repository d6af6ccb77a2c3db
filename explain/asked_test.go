package explain

import (
	"strings"
	"testing"

	"github.com/socktrace/socktrace/dockerapi"
)

// askedBy returns what is known of a client by what it calls itself.
func askedBy(version, agent, newest string, offered bool) Asked {
	return Asked{Version: version, Program: dockerapi.ProgramOf(agent), Newest: newest, Offered: offered}
}

const (
	cli28 = "Docker-Client/28.2.2 (linux)"
	cli20 = "Docker-Client/20.10.24 (linux)"
	py    = "docker-sdk-python/7.1.0"
)

func TestAskedSays(t *testing.T) {
	for _, c := range []struct {
		asked Asked
		want  string
	}{
		{askedBy("", "curl/8", "1.41", false), "names no version: works with all engines, each has its own"},
		{askedBy("4.0.0", "podman", "", false), ""},
		{askedBy("1.41", py, "1.41", true), "asks 1.41, as the daemon offers: adapts to each engine, works with all"},
		{askedBy("1.41", py, "1.51", false), "asks 1.41: works with engines 20.10 to 28, 29.3 and later; 29.0 to 29.2 want 1.44 or later"},
		{askedBy("1.41", cli28, "1.41", true), "asks 1.41, as the daemon offers: adapts to each engine, with 1.50 at most; works with all"},
		{askedBy("1.41", cli20, "1.41", true), "asks 1.41, its newest: adapts to older engines; works with all but 29.0 to 29.2, which want 1.44 or later"},
		{askedBy("1.41", cli20, "1.51", false), "asks 1.41, its newest: adapts to older engines; works with all but 29.0 to 29.2, which want 1.44 or later"},
		{askedBy("1.24", cli28, "1.41", false), "asks 1.24, though it has 1.50 and the daemon 1.41, as with DOCKER_API_VERSION: works with engines up to 28; 29.0 to 29.2 want 1.44 or later, 29.3 and later 1.40"},
		{askedBy("1.43", "compose/v2", "1.43", true), "asks 1.43, as the daemon offers: seems to adapt; if it has no other, works with engines 24.0 to 28, 29.3 and later; 29.0 to 29.2 want 1.44 or later"},
		{askedBy("1.43", "traefik", "", false), "asks 1.43: works with engines 24.0 to 28, 29.3 and later; 29.0 to 29.2 want 1.44 or later"},
		{askedBy("1.24", cli28, "", false), "asks 1.24: works with engines up to 28; 29.0 to 29.2 want 1.44 or later, 29.3 and later 1.40"},
	} {
		if got := c.asked.Says(); got != c.want {
			t.Errorf("%+v:\ngot  %s\nwant %s", c.asked, got, c.want)
		}
	}
}

// TestAskedAt: whatever a client is, an engine refuses it if and only if what it would ask
// for is beyond the bounds of the engine.
func TestAskedAt(t *testing.T) {
	for minor := range 60 {
		for _, agent := range []string{cli28, cli20, py, "compose/v2", ""} {
			for _, offered := range []bool{true, false} {
				a := askedBy(dockerapi.Version{Major: 1, Minor: minor}.String(), agent, "1.60", offered)
				for _, e := range dockerapi.Engines() {
					v, refused, known := a.At(e)
					within := v.Compare(e.Min) >= 0 && v.Compare(e.Max) <= 0
					if known && refused == within || refused && !known {
						t.Errorf("%+v at %s: %s, refused %t, known %t", a, e.Series, v, refused, known)
					}
					c, is := a.Refused(e)
					if is != (refused || !known) || is && c.Breaks != refused || refused && !strings.Contains(c.Says, e.Says(v)) {
						t.Errorf("%+v at %s: %+v", a, e.Series, c)
					}
					if !a.Adapts() && v.Minor != minor {
						t.Errorf("%+v would ask %s", a, v)
					}
					if a.Program.Any && offered && v != e.Max {
						t.Errorf("%+v would ask %s of %s", a, v, e.Series)
					}
				}
			}
		}
	}
}

// TestChanged: what engines make of operations and arguments.
func TestChanged(t *testing.T) {
	argument := func(operation, name string) *dockerapi.Argument {
		for _, a := range dockerapi.Named(operation).Arguments() {
			if a.Name == name {
				return a
			}
		}
		t.Fatalf("%s has no %s", operation, name)
		return nil
	}
	for _, c := range []struct {
		asked                   Asked
		engine, operation, name string
		breaks                  bool
		want                    string
	}{
		{askedBy("1.41", py, "1.41", true), "29.1", "ContainerCreate", "MacAddress", true, "does nothing: API 1.51 was the last that has it; NetworkingConfig.EndpointsConfig.*.MacAddress takes its place"},
		{askedBy("1.41", py, "1.41", true), "28.5", "ContainerCreate", "MacAddress", false, "is deprecated since API 1.44; NetworkingConfig.EndpointsConfig.*.MacAddress takes its place"},
		{askedBy("1.41", py, "1.41", true), "24.0", "ContainerCreate", "MacAddress", false, ""},
		{askedBy("1.50", py, "1.51", false), "29.1", "ContainerCreate", "MacAddress", false, "is deprecated since API 1.44; NetworkingConfig.EndpointsConfig.*.MacAddress takes its place"},
		{askedBy("1.41", cli28, "1.41", true), "29.1", "ContainerCreate", "MacAddress", false, "is deprecated since API 1.44; NetworkingConfig.EndpointsConfig.*.MacAddress takes its place"},
		{askedBy("1.41", py, "1.41", true), "19.03", "ContainerCreate", "platform", true, "is not known: it came with API 1.41"},
		{askedBy("", "curl", "", false), "19.03", "ContainerCreate", "platform", true, "is not known: it came with API 1.41"},
		{askedBy("1.41", py, "1.41", false), "29.1", "ContainerCreate", "MacAddress", false, ""}, // refused as a whole
		{askedBy("1.55", py, "1.55", true), "24.0", "ImageAttestations", "", true, "is not there: it came with API 1.55"},
		{askedBy("1.20", "x", "", false), "20.10", "ContainerCopy", "", false, ""},
		{askedBy("", "x", "", false), "20.10", "ContainerCopy", "", true, "is gone: it was there up to API 1.23"},
		{askedBy("", "x", "1.41", false), "23.0", "ContainerCopy", "", false, "is gone: it was there up to API 1.23; it was so before"},
		{askedBy("1.41", py, "1.41", true), "29.1", "ImageList", "filter", false, "does nothing: API 1.40 was the last that has it; filters takes its place; it was so before"},
		{askedBy("1.40", py, "1.40", true), "29.1", "ImageList", "filter", true, "does nothing: API 1.40 was the last that has it; filters takes its place"},
		{askedBy("", "x", "", false), "29.2", "Session", "", false, "is deprecated since API 1.53"},
		{askedBy("", "x", "", false), "29.1", "Session", "", false, ""},
		{askedBy("", "x", "", false), "18.09", "SystemPingHead", "", false, ""},
		{askedBy("4.0.0", "podman", "", false), "29.1", "Session", "", false, ""},
		{askedBy("", "x", "", false), "29.1", "No/Such", "", false, ""},
	} {
		var a *dockerapi.Argument
		if c.name != "" {
			a = argument(c.operation, c.name)
		}
		e, _ := dockerapi.EngineOf(c.engine)
		if got, ok := c.asked.Changed(e, c.operation, a); got.Says != c.want || got.Breaks != c.breaks || ok != (c.want != "") {
			t.Errorf("%s %s, %s at %s: got %+v", c.operation, c.name, c.asked.Version, c.engine, got)
		}
	}
}

func TestEnds(t *testing.T) {
	none, both := &dockerapi.Argument{}, &dockerapi.Argument{Until: dockerapi.Version{Major: 1, Minor: 51}, Deprecated: dockerapi.Version{Major: 1, Minor: 44}, Instead: "x"}
	for got, want := range map[string]string{
		Ends("Session", nil):                                        "deprecated since API 1.53",
		Ends("ContainerCopy", nil):                                  "API 1.23 is the last that has it",
		Ends("ContainerList", nil):                                  "",
		Ends("none", nil):                                           "",
		Ends("ContainerCreate", none):                               "",
		Ends("ContainerCreate", both):                               "deprecated since API 1.44, 1.51 is the last that has it; x takes its place",
		Ends("x", &dockerapi.Argument{Deprecated: both.Deprecated}): "deprecated since API 1.44",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestLacks: answers lack what they had before, and nothing else.
func TestLacks(t *testing.T) {
	for _, c := range []struct {
		asked             Asked
		engine, operation string
		want              string
	}{
		{askedBy("1.41", py, "1.41", true), "29.1", "SystemEvents", "has answers without status, id, from (up to API 1.51)"},
		{askedBy("1.41", py, "1.41", true), "28.5", "SystemEvents", ""},
		{askedBy("1.52", py, "1.52", true), "29.2", "SystemEvents", ""},
		{askedBy("1.43", py, "1.43", true), "26.0", "ImageInspect", "has answers without VirtualSize (up to API 1.43), Container, ContainerConfig (up to API 1.44)"},
		{askedBy("1.44", py, "1.44", true), "26.0", "ImageInspect", "has answers without Container, ContainerConfig (up to API 1.44)"},
		{askedBy("1.44", py, "1.44", true), "25.0", "ImageInspect", ""},
		{askedBy("1.41", py, "1.51", false), "28.5", "ImageInspect", ""}, // goes on as it was
		{askedBy("1.41", cli28, "1.41", true), "29.1", "SystemEvents", ""},
		{askedBy("1.41", py, "1.51", false), "29.1", "SystemEvents", ""}, // refused
		{askedBy("", "curl", "1.41", false), "29.1", "SystemEvents", "has answers without status, id, from (up to API 1.51)"},
		{askedBy("", "curl", "", false), "29.1", "SystemEvents", ""},
		{askedBy("1.41", py, "1.41", true), "29.1", "ContainerList", ""},
		{askedBy("1.41", py, "1.41", true), "29.1", "No/Such", ""},
	} {
		e, _ := dockerapi.EngineOf(c.engine)
		if got, ok := c.asked.Lacks(e, c.operation); got.Says != c.want || got.Breaks || ok != (c.want != "") {
			t.Errorf("%s, %s at %s: got %+v", c.operation, c.asked.Version, c.engine, got)
		}
	}
}
