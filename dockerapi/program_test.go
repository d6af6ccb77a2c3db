package dockerapi

import "testing"

func TestProgramOf(t *testing.T) {
	for agent, want := range map[string]struct {
		kind       Kind
		text, most string
		any        bool
		major      int
	}{
		"Docker-Client/28.2.2 (linux)":         {DockerCLI, "docker CLI 28.2.2", "1.50", false, 28},
		"Docker-Client/20.10.24+dfsg1 (linux)": {DockerCLI, "docker CLI 20.10.24+dfsg1", "1.41", false, 20},
		"Docker-Client/99.0.0 (linux)":         {DockerCLI, "docker CLI 99.0.0", "0.0", false, 99},
		"docker-sdk-python/7.1.0":              {DockerPy, "docker-py 7.1.0", "0.0", true, 7},
		"moby-client/v0.6.2 linux/amd64":       {OtherKind, "moby client 0.6.2", "0.0", false, 0},
		"compose/v2.30.1":                      {Compose, "compose 2.30.1", "0.0", false, 2},
		"compose/v2.30":                        {Compose, "compose 2.30", "0.0", false, 2},
		"compose/2":                            {Compose, "compose 2", "0.0", false, 2},
		"buildx/v0.17.1 (linux)":               {Buildx, "buildx 0.17.1", "0.0", false, 0},
		"curl/8.5.0":                           {OtherKind, "curl 8.5.0", "0.0", false, 8},
		"Docker-Client/unknown-version (x)":    {DockerCLI, "docker CLI unknown-version", "0.0", false, 0},
		"Docker-Client/-3.1":                   {DockerCLI, "docker CLI -3.1", "0.0", false, 0},
		"Docker-Client/99999999999999999999.1": {DockerCLI, "docker CLI 99999999999999999999.1", "0.0", false, 0},
		"Docker-Clients/28.2.2":                {OtherKind, "Docker-Clients 28.2.2", "0.0", false, 28},
		"one":                                  {OtherKind, "one", "0.0", false, 0},
		"":                                     {OtherKind, "", "0.0", false, 0},
	} {
		p := ProgramOf(agent)
		if p.Kind != want.kind || p.String() != want.text || p.Most.String() != want.most || p.Any != want.any || p.Major() != want.major {
			t.Errorf("%q: got %+v, major %d; want %+v", agent, p, p.Major(), want)
		}
	}
}

func TestProduct(t *testing.T) {
	for agent, want := range map[string]string{
		"Docker-Client/28.2.2 (linux)": "Docker-Client/28.2.2",
		"curl/8.5.0":                   "curl/8.5.0",
		"":                             "",
	} {
		if got := Product(agent); got != want {
			t.Errorf("%q: got %q, want %q", agent, got, want)
		}
	}
}

func TestKindAs(t *testing.T) {
	for _, test := range []struct {
		agent, process string
		want           Kind
	}{
		{"Docker-Client/28.2.2 (linux)", "", DockerCLI},
		{"Docker-Client/28.2.2 (linux)", "docker", DockerCLI},
		{"Docker-Client/28.2.2 (linux)", "docker-compose", Compose},
		{"Docker-Client/28.2.2 (linux)", "docker-buildx", Buildx},
		{"compose/v2.30.1", "docker", Compose},
		{"buildx/v0.17.1", "docker-compose", Compose},
		{"docker-sdk-python/7.1.0", "python3", DockerPy},
		{"", "docker-compose", Compose},
		{"", "python3", OtherKind},
	} {
		if got := ProgramOf(test.agent).KindAs(test.process); got != test.want {
			t.Errorf("%q in %q: got %d, want %d", test.agent, test.process, got, test.want)
		}
	}
}
