package render

import (
	"strings"
	"testing"
)

// TestInspect: of a container is shown what people look for first.
func TestInspect(t *testing.T) {
	const image = `"Image":"sha256:` + id + `","Config":{"Image":"busybox"}`
	for _, c := range []struct{ name, doc, want string }{
		{"running", `{"Name":"/web","State":{"Status":"running","Pid":7},"Path":"sh","Args":["-c","sleep 60"],` + image + `,"HostConfig":{"NetworkMode":"none"},"NetworkSettings":{"Networks":{"none":{"IPAddress":""}}}}`,
			`/web running · sh -c "sleep 60" · busybox (289e72570a23) · network none|… 2 members left out (--bodies full)`},
		{"failed", `{"Name":"/web","State":{"Status":"exited","ExitCode":137,"Error":"no such file"},"Path":"x","Args":[],"Config":{"Image":"busybox"}}`,
			"/web exited · exit 137 · no such file · x · busybox|… 1 member left out (--bodies full)"},
		{"healthy, with networks, ports, and mounts", `{"Name":"/a","State":{"Status":"running","Health":{"Status":"healthy"}},"HostConfig":{"NetworkMode":"x"},"Mounts":[{"Type":"bind"},{"Type":"volume"}],` +
			`"NetworkSettings":{"Ports":{"80/tcp":[{"HostPort":"8080"}],"81/tcp":null,"8/udp":[{"HostPort":"9"}]},"Networks":{"y":{"IPAddress":"10.0.0.2"},"x":{}}}}`,
			"/a running · healthy · network x, y 10.0.0.2 · port 8080 → 80/tcp, port 9 → 8/udp · 2 mounts|… 6 members left out (--bodies full)"},
		{"of an image without a name", `{"Name":"/a","State":{"Status":"created"},"Image":"sha256:` + id + `","Config":{"Image":"sha256:` + id + `"}}`, "/a created · 289e72570a23|… 1 member left out (--bodies full)"},
		{"of an image with its name alone", `{"Name":"a","State":{"Status":"created"},"ImageName":"b:1"}`, "a created · b:1"},
		{"in a network of another", `{"Name":"a","State":{"Status":"created"},"HostConfig":{"NetworkMode":"` + id + `"}}`, "a created · network 289e72570a23"},
		{"with a long command", `{"Name":"a","State":{"Status":"created"},"Path":"` + strings.Repeat("x", 59) + `","Args":["é"]}`, "a created · " + strings.Repeat("x", 59) + " …"},
		{"with words that need quotes", `{"Name":"a","State":{"Status":"created"},"Path":"p","Args":["","a b","$x","it's"]}`, `a created · p "" "a b" "$x" "it's"`},
		{"hostile", `{"Name":"\u001b[2J","State":{"Status":"\u202e"}}`, `\e[2J \u202e`},
		{"no name", `{"State":{"Status":"created"}}`, `{"State": {"Status": "created"}}`},
		{"no state", `{"Name":"a"}`, `{"Name": "a"}`},
		{"no document of that kind", `{"Name":"a","State":"created"}`, `{"Name": "a", "State": "created"}`},
	} {
		got := briefOf(t, Options{Bodies: BodiesShort, Width: func() int { return 140 }}, records("ContainerInspect", c.doc)...)
		_, got, _ = strings.Cut(got, "OK · 1.00 ms\n")
		if got = strings.ReplaceAll(strings.ReplaceAll(got, "<   ", ""), "< json    +2.00 ms  ", ""); got != strings.ReplaceAll(c.want, "|", "\n")+"\n" {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
	const doc = `{"Name":"a","State":{"Status":"created"}}`
	for name, c := range map[string]struct {
		bodies    Bodies
		operation string
		is        bool
	}{
		"libpod": {BodiesShort, "ContainerInspectLibpod", true}, "another operation": {BodiesShort, "ImageInspect", false}, "in full": {BodiesFull, "ContainerInspect", false},
	} {
		got := briefOf(t, Options{Bodies: c.bodies}, records(c.operation, doc)...)
		if strings.Contains(got, "<   a created\n") != c.is {
			t.Errorf("%s: got\n%s", name, got)
		}
	}
}
