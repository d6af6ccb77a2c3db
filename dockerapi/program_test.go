package dockerapi

import "testing"

func TestProgramOf(t *testing.T) {
	for agent, want := range map[string]struct {
		text, most string
		any        bool
	}{
		"Docker-Client/28.2.2 (linux)":         {"docker CLI 28.2.2", "1.50", false},
		"Docker-Client/20.10.24+dfsg1 (linux)": {"docker CLI 20.10.24+dfsg1", "1.41", false},
		"Docker-Client/99.0.0 (linux)":         {"docker CLI 99.0.0", "0.0", false},
		"docker-sdk-python/7.1.0":              {"docker-py 7.1.0", "0.0", true},
		"moby-client/v0.6.2 linux/amd64":       {"moby client 0.6.2", "0.0", false},
		"compose/v2.30.1":                      {"compose 2.30.1", "0.0", false},
		"curl/8.5.0":                           {"curl 8.5.0", "0.0", false},
		"Docker-Client/unknown-version (x)":    {"docker CLI unknown-version", "0.0", false},
		"one":                                  {"one", "0.0", false},
		"":                                     {"", "0.0", false},
	} {
		p := ProgramOf(agent)
		if p.String() != want.text || p.Most.String() != want.most || p.Any != want.any {
			t.Errorf("%q: got %+v", agent, p)
		}
	}
}
