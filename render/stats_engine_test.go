package render

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/stats"
)

// engine returns a series that there is.
func engine(t *testing.T, series string) dockerapi.Engine {
	t.Helper()
	e, ok := dockerapi.EngineOf(series)
	if !ok {
		t.Fatalf("there is no engine %s", series)
	}
	return e
}

// TestStatsEngineGolden shows what would break, on terminals and elsewhere.
func TestStatsEngineGolden(t *testing.T) {
	e := engine(t, "29.1")
	for name, o := range map[string]Options{
		"engine":       {},
		"engine80":     {Width: func() int { return 80 }},
		"engine160":    {Width: func() int { return 160 }},
		"engine-color": {Width: func() int { return 100 }, Color: true},
	} {
		t.Run(name, func(t *testing.T) {
			text, broken := StatsEngine(engineReport(), e, o)
			if golden(t, "report."+name, text); !broken {
				t.Error("nothing would break")
			}
		})
	}
	t.Run("json", func(t *testing.T) {
		text, _ := StatsEngineJSON(engineReport(), e)
		golden(t, "report.engine-jsonl", text)
	})
}

// engineReport has everything that there may be of engines.
func engineReport() *stats.Report {
	create := argument("ContainerCreate", "MacAddress")
	return &stats.Report{
		End: at(0),
		Clients: []stats.Client{
			{Name: "docker", Agent: "Docker-Client/28.2.2 (linux)", Versions: []stats.Version{{Name: "1.41", Count: 9, Offered: true}, {Count: 7}, {Name: "1.24", Count: 3}},
				Daemons: []stats.Daemon{{Server: "Docker/20.10.24", Newest: "1.41"}}},
			{Name: "python3", Agent: "docker-sdk-python/7.1.0", Versions: []stats.Version{{Name: "1.41", Count: 9, Offered: true}}, Daemons: []stats.Daemon{{Newest: "1.41"}}},
			{Addr: "tcp://192.0.2.1", Agent: "x\x1b[31m/1", Versions: []stats.Version{{Name: "1.43", Count: 9, Offered: true}}, Daemons: []stats.Daemon{{Newest: "1.43"}}},
			{Name: "podman", Versions: []stats.Version{{Name: "4.0.0", Count: 9}}},
			{Other: true},
		},
		Uses: []stats.Use{
			{Client: 0, Version: "1.24", Operation: "ContainerCreate", Count: 3},
			{Client: 0, Version: "1.41", Operation: "ContainerCreate", Count: 1},
			{Client: 0, Version: "", Operation: "SystemPingHead", Count: 1},
			{Client: 0, Version: "1.24", Operation: "ContainerCreate", Argument: create, Count: 1},
			{Client: 0, Version: "1.41", Operation: "ContainerCreate", Argument: create, Count: 2},
			{Client: 0, Version: "1.24", Operation: "ImageList", Count: 5},
			{Client: 1, Version: "1.41", Operation: "ContainerCreate", Count: 1},
			{Client: 1, Version: "1.41", Operation: "ContainerCreate", Argument: create, Count: 1},
			{Client: 1, Version: "1.41", Operation: "ContainerInspect", Count: 6},
			{Client: 1, Version: "1.41", Operation: "ImageAttestations", Count: 4},
			{Client: 2, Version: "1.43", Operation: "\x1b[31mX", Count: 1},
			{Client: 3, Version: "4.0.0", Operation: "PodListLibpod", Count: 1},
			{Client: 4, Operation: "ContainerCopy", Count: 1},
		},
		OtherUses: 12,
	}
}

// TestEngineBreaks: what breaks is told as such, to who reads it and to who asks for the
// status.
func TestEngineBreaks(t *testing.T) {
	one := func(c stats.Client, u stats.Use) *stats.Report {
		return &stats.Report{Clients: []stats.Client{c}, Uses: []stats.Use{u}}
	}
	fixed := stats.Client{Agent: "traefik", Versions: []stats.Version{{Name: "1.41", Count: 1}}}
	adapts := stats.Client{Agent: "traefik", Versions: []stats.Version{{Name: "1.41", Count: 1, Offered: true}}}
	podman := stats.Client{Name: "podman", Versions: []stats.Version{{Name: "4.3.1", Count: 1}}}
	refused := stats.Client{Agent: "traefik", Versions: []stats.Version{{Name: "1.99", Count: 2, Refused: 2}}}
	two := func(c stats.Client, u stats.Use) *stats.Report {
		r := one(c, u)
		r.Clients = append(r.Clients, stats.Client{Agent: "x", Versions: []stats.Version{{Name: "1.51", Count: 1}}})
		return r
	}
	list := stats.Use{Version: "1.41", Operation: "ContainerList", Count: 1}
	for _, c := range []struct {
		report *stats.Report
		series string
		breaks bool
		says   string
	}{
		{one(fixed, list), "28.5", false, "nothing breaks with engine 28.5, which has API 1.24 to 1.51\n"},
		{one(fixed, list), "29.1", true, "1 of 1 client would break with engine 29.1"},
		{one(fixed, list), "29.3", false, "nothing breaks with engine 29.3"},
		{one(fixed, list), "19.03", true, "client version 1.41 is too new. Maximum supported API version is 1.40"},
		{one(adapts, list), "19.03", false, "nothing breaks"},
		{one(adapts, list), "29.1", false, "not known for 1 of 1 client what breaks with engine 29.1, which has API 1.44 to 1.52\n\nnot known\ntraefik asks 1.41 and is refused if it has nothing newer"},
		{one(podman, stats.Use{Version: "4.3.1", Operation: "ContainerList", Count: 1}), "29.1", false, "not known for 1 of 1 client what breaks with engine 29.1"},
		{two(adapts, list), "29.1", false, "not known for 1 of 2 clients what breaks with engine 29.1, which has API 1.44 to 1.52; nothing that is known breaks\n"},
		{one(refused, stats.Use{Version: "1.99", Operation: "ContainerList", Count: 2}), "29.1", false, "nothing breaks"},
		{one(refused, stats.Use{Version: "1.99", Operation: "ContainerList", Count: 2}), "29.1", false, "traefik asks 1.99 and is refused, as it was before: client version 1.99 is too new."},
		{&stats.Report{Clients: []stats.Client{fixed}, Uses: []stats.Use{list}, OtherUses: 3}, "28.5", false, "3 uses for which there was no room are left out: whether they break is not known"},
		{one(fixed, stats.Use{Operation: "Session", Count: 1}), "29.2", false, "Session is deprecated since API 1.53; 1 call"},
		{one(fixed, stats.Use{Operation: "ContainerCopy", Count: 1}), "29.2", true, "ContainerCopy is gone"},
		{&stats.Report{}, "29.1", false, "no calls of the API were seen; nothing is known of engine 29.1"},
	} {
		e := engine(t, c.series)
		out, broken := StatsEngine(c.report, e, Options{})
		text := string(out)
		if _, too := StatsEngineJSON(c.report, e); too != c.breaks || broken != c.breaks || strings.Contains(text, "\nbreaks\n") != c.breaks || !strings.Contains(text, c.says) {
			t.Errorf("engine %s, %t: got\n%s\nwant %q", c.series, c.breaks, text, c.says)
		}
	}
}

// TestStatsEngineWidth: no line is wider than the terminal, and no byte of the traffic does
// anything there.
func TestStatsEngineWidth(t *testing.T) {
	for width := 40; width < 200; width++ {
		out, _ := StatsEngine(engineReport(), engine(t, "29.1"), Options{Width: func() int { return width }})
		for line := range bytes.Lines(out) {
			line = bytes.TrimSuffix(line, []byte("\n"))
			if n := columns(line); n > width || bytes.HasSuffix(line, []byte(" ")) {
				t.Errorf("%d: %d columns in %q", width, n, line)
			}
		}
		if i := bytes.IndexFunc(out, func(r rune) bool { return r != '\n' && !safe(r) }); i >= 0 {
			t.Fatalf("unsafe at %d of %q", i, out)
		}
	}
}

// TestStatsEngineSchema checks the JSON with its schema, and that the page about it names
// everything in it.
func TestStatsEngineSchema(t *testing.T) {
	schema := compileSchema(t)
	for _, r := range []*stats.Report{engineReport(), {}} {
		text, _ := StatsEngineJSON(r, engine(t, "29.1"))
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Error(err)
		}
	}
	text, _ := StatsEngineJSON(engineReport(), engine(t, "29.1"))
	page, err := os.ReadFile("../docs/versions.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range regexp.MustCompile(`"([a-z_]+)":`).FindAllStringSubmatch(string(text), -1) {
		if key[1] != "event" && key[1] != "time" && !strings.Contains(string(page), "`"+key[1]+"`") {
			t.Errorf("%s is not in the page", key[1])
		}
	}
}
