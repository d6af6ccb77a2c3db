package dockerapi

import (
	"slices"
	"strings"
	"testing"
)

// TestArguments: each is one of an operation that there is, once, and its versions are in
// order.
func TestArguments(t *testing.T) {
	newest := engines[len(engines)-1].Max
	for name, of := range since() {
		list, op := of.arguments, Named(name)
		if op == nil {
			t.Errorf("there is no %s", name)
			continue
		}
		seen := make(map[string]bool)
		for _, a := range list {
			key := a.Name
			if a.Field {
				key = "." + key
			}
			if seen[key] || a.Name == "" || strings.ContainsAny(a.Name, "?= ") {
				t.Errorf("%s: %q is no name, or is there twice", name, key)
			}
			seen[key] = true
			if a.Field && op.RequestBody != JSON {
				t.Errorf("%s has no document, but %s", name, a.Name)
			}
			none := Version{}
			if a.Until != none && a.Until.Compare(a.Since) < 0 || a.Deprecated != none && a.Deprecated.Compare(a.Since) < 0 ||
				a.Until != none && a.Until.Compare(newest) > 0 {
				t.Errorf("%s: %s: not in order: %+v", name, a.Name, a)
			}
			if a.Instead != "" && !a.Ends() {
				t.Errorf("%s: %s is to be replaced by %s, but not deprecated", name, a.Name, a.Instead)
			}
		}
		for _, old := range of.before {
			if Named(old) != nil {
				t.Errorf("%s: %s is another one", name, old)
			}
		}
		for _, a := range list {
			if instead := a.Instead; instead != "" && !strings.Contains(a.Name, "LogConfig") && !seen[instead] && !seen["."+instead] {
				t.Errorf("%s: there is no %s in place of %s", name, instead, a.Name)
			}
		}
	}
}

// TestArgumentsKnown: what the list of changes of the API tells.
func TestArgumentsKnown(t *testing.T) {
	for _, want := range []string{
		"ContainerCreate ?platform 1.41 0.0 0.0", "ContainerCreate .HostConfig.Umask 1.56 0.0 0.0", "ContainerCreate .MacAddress 0.0 1.51 1.44",
		"ContainerCreate .HostConfig.KernelMemory 0.0 1.41 1.41", "ContainerCreate .NetworkingConfig.EndpointsConfig.*.MacAddress 1.44 0.0 0.0",
		"ContainerCreate .HostConfig.Mounts.VolumeOptions.Subpath 1.45 0.0 0.0", "ContainerCreate .HostConfig.Annotations 1.43 0.0 0.0", "ContainerCreate .Healthcheck.StartInterval 1.44 0.0 0.0",
		"ContainerStop ?signal 1.42 0.0 0.0", "ImageList ?filter 0.0 1.40 1.25", "ImageList ?shared-size 1.42 0.0 0.0", "ImageDelete ?platforms 1.50 0.0 0.0",
		"BuildPrune ?keep-storage 1.39 1.51 1.48", "SystemDataUsage ?type 1.42 0.0 0.0", "ContainerStats ?one-shot 1.41 0.0 0.0", "NetworkCreate .EnableIPv4 1.48 0.0 0.0",
		"ServiceCreate .TaskTemplate.Resources.SwapBytes 1.52 0.0 0.0", "ContainerList ?all 0.0 0.0 0.0", "ContainerUpdate .PidsLimit 1.40 0.0 0.0", "ContainerExec .WorkingDir 1.35 0.0 0.0",
	} {
		words := strings.Fields(want)
		i := slices.IndexFunc(Named(words[0]).Arguments(), func(a *Argument) bool { return a.Name == words[1][1:] && a.Field == (words[1][0] == '.') })
		if i < 0 {
			t.Errorf("%s is not there", want)
			continue
		}
		a := Named(words[0]).Arguments()[i]
		if got := strings.Join([]string{a.Since.String(), a.Until.String(), a.Deprecated.String()}, " "); got != strings.Join(words[2:], " ") {
			t.Errorf("%s: got %s", want, got)
		}
	}
	if list := (*Operation)(nil).Arguments(); list != nil {
		t.Errorf("nothing takes %v", list)
	}
}

// TestParseArguments: what is wrong in the list is told.
func TestParseArguments(t *testing.T) {
	for text, wrong := range map[string]bool{
		"# a\n\nA\n?x - -\n.Y.Z 1.40 1.41 1.41 W\n": false,
		"A\n=B\n?x - -\n": false, "=B\n": true,
		"?x - -\n": true, "A\nx - -\n": true, "A\n?x 1 -\n": true, "A\n?x - - y\n": true,
	} {
		if _, err := parseArguments(text); (err != nil) != wrong {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestDatedParameters: those of a query that depend on the version are found, once.
func TestDatedParameters(t *testing.T) {
	for _, c := range []struct{ operation, query, want string }{
		{"ImageList", "all=1&filter=busybox", "filter"},
		{"ImageList", "filter=a&filter=b&%66ilter=c&shared-size=1", "filter shared-size"},
		{"ImageList", "filters=%7B%7D&xfilter=1&filterx", ""},
		{"ImageList", "filter", "filter"},
		{"ImageList", "", ""},
		{"ContainerCreate", "name=a&platform=linux%2Famd64", "platform"},
		{"ContainerList", "all=1", ""},
		{"Nothing", "filter=1", ""},
	} {
		var got []string
		DatedParameters(c.operation, c.query, func(a *Argument) { got = append(got, a.Name) })
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s?%s: got %q, want %q", c.operation, c.query, s, c.want)
		}
	}
	for name, d := range datedByName() {
		if n := len(d.parameters); n > 8 {
			t.Errorf("%s has %d: there is no room for so many", name, n)
		}
	}
}

// TestDatedFields: every field that depends on the version is where its name says.
func TestDatedFields(t *testing.T) {
	if DatedFields("Nothing") != nil || DatedFields("ContainerList") != nil {
		t.Error("there are fields of what has none")
	}
	for name, of := range since() {
		for _, a := range of.arguments {
			if !a.Field || !a.Dated() {
				continue
			}
			if in := Around(a.Name, of.arguments); in != nil && in.Since == a.Since && in.Until == a.Until && in.Deprecated == a.Deprecated && in.Instead == a.Instead {
				continue
			}
			m := DatedFields(name)
			for part := range strings.SplitSeq(a.Name, ".") {
				if m = m.Members[part]; m == nil {
					t.Fatalf("%s: %s is not there", name, a.Name)
				}
			}
			if m.Argument != a {
				t.Errorf("%s: %s: got %+v", name, a.Name, m.Argument)
			}
		}
	}
}
