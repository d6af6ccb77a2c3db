package equivalent

import (
	"maps"
	"strings"

	"github.com/socktrace/socktrace/wire"
)

// dockerForms are the commands of all operations.
var dockerForms = merged(dockerContainers, dockerImages, dockerObjects, dockerSwarms)

func merged(all ...dockerTable) dockerTable {
	m := make(dockerTable)
	for _, t := range all {
		maps.Copy(m, t)
	}
	return m
}

// docker returns a command of the docker CLI that asks for the same.
func docker(x *wire.Exchange, o Options) Call {
	if why := unsendable(x); why != "" {
		return cannot(why)
	}
	operation := x.Request.Call.Operation
	form := dockerForms[operation]
	switch {
	case form != nil:
	case strings.HasSuffix(operation, "Libpod"):
		return cannot("A request of Podman's own API, which docker does not speak.")
	case operation == "":
		return cannot("No operation of the Docker Engine API that is known: there is no docker command.")
	default:
		return cannot("No docker command asks for this.")
	}
	a := wantedBy(x)
	if a.cut != "" {
		return cannot(a.cut)
	}
	c := &command{secrets: secretsOf(x, o), during: o.During}
	dockerHost(x, o, c)
	host := len(c.words)
	form(a, c)
	for _, what := range [2][]string{a.rest(), a.body.rest()} {
		if len(what) > 0 && len(c.words) > host {
			c.note("No flag gives: " + strings.Join(what, ", ") + ".")
		}
	}
	if c.broken {
		return cannot("There is a zero byte in it, which no command line can have.")
	}
	c.call.Notes = append(c.call.Notes, c.secrets.notes...)
	c.call.Text = c.text()
	if t := o.Names.of(x); t != nil && dockerPrintsID[operation] && c.call.Text != "" {
		c.call.Text = t.variable + "=$(" + c.call.Text + ")"
		o.Names.add(t)
	}
	return c.call
}

// dockerPrintsID are the operations of commands that print the id of what they have made, and
// no more.
var dockerPrintsID = map[string]bool{
	"ContainerCreate": true, "NetworkCreate": true, "VolumeCreate": true, "SecretCreate": true, "ConfigCreate": true,
}

// dockerHost gives the daemon, if it is not where the CLI looks by itself.
func dockerHost(x *wire.Exchange, o Options, c *command) {
	d := addressOf(x, o)
	if d.note != "" {
		return
	}
	addr := d.url()
	if addr == usualSocket || addr == "unix:///run/docker.sock" {
		return
	}
	c.say("-H " + shellWord(addr))
	if !d.tls {
		return
	}
	if o.Insecure {
		c.say("--tls")
	} else {
		c.say("--tlsverify")
	}
	for _, f := range []struct{ flag, file string }{{"--tlscacert", o.CACert}, {"--tlscert", o.Cert}, {"--tlskey", o.Key}} {
		if f.file != "" {
			c.say(f.flag + " " + shellWord(f.file))
		}
	}
}
