package main

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// dockerArgs is what the global flags of a docker command say of the daemon that it
// talks to.
type dockerArgs struct {
	program string
	hosts   []string // of -H
	context *string  // nil: none is named
	config  string   // the folder of its configuration
	tls     *bool
	verify  *bool
	ca      string // the files of TLS; empty: the default ones
	cert    string
	key     string
	others  []string // global flags that have nothing to do with it
	command []string // what is behind the flags
}

// isDocker reports whether a program is the docker CLI, by its name.
func isDocker(program string) bool {
	return strings.TrimSuffix(filepath.Base(program), ".exe") == "docker"
}

// parseDockerArgs reads the command line of the docker CLI, with the package that it
// reads it with: its global flags end where the command begins. False if it
// would refuse them, or does nothing with a daemon.
func parseDockerArgs(args []string) (d dockerArgs, ok bool) {
	f := pflag.NewFlagSet("docker", pflag.ContinueOnError)
	f.SetInterspersed(false)
	f.SetOutput(io.Discard)
	f.StringArrayVarP(&d.hosts, "host", "H", nil, "")
	context := f.StringP("context", "c", "", "")
	f.StringVar(&d.config, "config", "", "")
	tls, verify := f.Bool("tls", false, ""), f.Bool("tlsverify", false, "")
	f.StringVar(&d.ca, "tlscacert", "", "")
	f.StringVar(&d.cert, "tlscert", "", "")
	f.StringVar(&d.key, "tlskey", "", "")
	f.BoolP("debug", "D", false, "")
	f.StringP("log-level", "l", "", "")
	version, help := f.BoolP("version", "v", false, ""), f.BoolP("help", "h", false, "")
	if err := f.Parse(args[1:]); err != nil || *version || *help {
		return dockerArgs{}, false
	}
	d.program, d.command = args[0], f.Args()
	if f.Changed("context") {
		d.context = context
	}
	if f.Changed("tls") {
		d.tls = tls
	}
	if f.Changed("tlsverify") {
		d.verify = verify
	}
	f.Visit(func(flag *pflag.Flag) {
		if slices.Contains([]string{"config", "debug", "log-level"}, flag.Name) {
			d.others = append(d.others, "--"+flag.Name+"="+flag.Value.String())
		}
	})
	confused := len(d.hosts) > 1 || len(d.hosts) > 0 && d.context != nil // docker says so
	return d, !confused && len(d.command) > 0 && d.command[0] != "context"
}

// names reports whether a flag says something of the daemon that docker would
// otherwise find in its environment or its configuration.
func (d *dockerArgs) names() bool {
	return len(d.hosts) > 0 || d.context != nil || d.tls != nil || d.verify != nil || d.ca+d.cert+d.key != ""
}

// said returns the flags that name the daemon, for a person.
func (d *dockerArgs) said() string {
	s := filepath.Base(d.program)
	switch {
	case len(d.hosts) > 0:
		s += " -H " + shellWords(d.hosts)
	case d.context != nil:
		s += " --context " + shellWords([]string{*d.context})
	}
	for _, tls := range []struct {
		flag string
		on   *bool
	}{{"--tls", d.tls}, {"--tlsverify", d.verify}} {
		if tls.on != nil {
			s += " " + tls.flag
			if !*tls.on {
				s += "=false"
			}
		}
	}
	return s
}

// at returns the command line with host in the place of all that names a daemon.
func (d *dockerArgs) at(host string) []string {
	args := append([]string{d.program}, d.others...)
	args = append(args, "-H", host)
	if strings.HasPrefix(d.command[0], "-") {
		args = append(args, "--")
	}
	return append(args, d.command...)
}

// environ returns the environment in which docker without these flags would do the
// same, but for -H and --context.
func (d *dockerArgs) environ(getenv func(string) string) func(string) string {
	set := map[string]string{}
	if d.tls != nil {
		set["DOCKER_TLS"] = one(*d.tls)
	}
	if d.verify != nil { // said in any way it encrypts
		set["DOCKER_TLS"], set["DOCKER_TLS_VERIFY"] = one(true), one(*d.verify)
	}
	if dir, _ := d.certFolder(); dir != "" {
		set["DOCKER_CERT_PATH"] = dir
	}
	return overlay(d.configured(getenv), set)
}

// configured returns the environment with the folder that --config names.
func (d *dockerArgs) configured(getenv func(string) string) func(string) string {
	if d.config == "" {
		return getenv
	}
	return overlay(getenv, map[string]string{"DOCKER_CONFIG": d.config})
}

// certFolder returns the folder with the files of TLS that are named, which have the
// names that docker gives them; false if they are elsewhere, or have others.
func (d *dockerArgs) certFolder() (dir string, ok bool) {
	if d.ca+d.cert+d.key == "" {
		return "", true
	}
	dir = filepath.Dir(d.ca)
	ok = d.ca == filepath.Join(dir, "ca.pem") && d.cert == filepath.Join(dir, "cert.pem") && d.key == filepath.Join(dir, "key.pem")
	return dir, ok
}

// overlay is an environment with other values for some variables.
func overlay(getenv func(string) string, set map[string]string) func(string) string {
	return func(name string) string {
		if value, ok := set[name]; ok {
			return value
		}
		return getenv(name)
	}
}

// one is how a variable says yes.
func one(yes bool) string {
	if yes {
		return "1"
	}
	return ""
}
