package main

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/intercept/pcap"
)

func newSniff(s std) *cobra.Command {
	o, src := newOptions(), source{ownsStdout: true, captured: true}
	var name string
	var port uint16
	cmd := &cobra.Command{
		Use:   "sniff [flags] -i IFACE",
		Short: "Show what crosses a network interface (Linux)",
		Long: `Capture the TCP packets of a network interface until interrupted, and show the
HTTP in them. Nobody has to be pointed anywhere, and connections that are open
already are seen from their next message on. TLS is decrypted with --keylog, if
its beginning is seen. Unix sockets have no packets.

It needs root or CAP_NET_RAW.`,
		Example: `  sudo socktrace sniff -i lo --port 2375
  sudo socktrace sniff -i any -f compact
  sudo socktrace sniff -i lo --keylog keys.txt
  sudo nsenter -t PID -n socktrace sniff -i eth0     # within a container`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(*cobra.Command, []string) error { return sniff(o, src, s, name, port) },
	}
	o.showFlags(cmd, src)
	o.auditFlags(cmd, false)
	o.otlpFlags(cmd)
	o.keyLogFlag(cmd)
	f := cmd.Flags()
	f.StringVarP(&name, "interface", "i", "", "capture on `IFACE`, such as eth0, or on any")
	f.Uint16Var(&port, "port", 0, "only connections from or to the port `N`")
	_ = cmd.RegisterFlagCompletionFunc("interface", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return interfaces(), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

// sniff runs the command: 0 when it was interrupted.
func sniff(o *options, src source, s std, name string, port uint16) error {
	if name == "" {
		return &failure{code: exitUsage, err: errors.New("sniff: no interface"), hint: "-i takes one of " + strings.Join(interfaces(), ", ")}
	}
	a := untilSignal()
	ctx, stop := a.ctx, a.stop
	defer stop()
	ignoreBrokenPipe()
	capture, err := pcap.OpenInterface(name, port)
	if err != nil {
		return &failure{code: exitFailed, err: err, hint: sniffHint(err, name, port)}
	}
	defer capture.Close()
	t, err := newTrace(ctx, o, src, s)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	defer t.close()
	complain(s.err, fmt.Errorf("sniffing on %s%s", name, onPort(", port %d", port)))
	go t.stopEarly(ctx, stop)
	stats, err := capture.Read(ctx, t.capture(), t.tap)
	t.packets.add(&stats)
	if err != nil {
		return &failure{code: exitFailed, err: err}
	}
	return t.end()
}

// sniffHint says what to do about an interface that cannot be captured.
func sniffHint(err error, name string, port uint16) string {
	switch {
	case errors.Is(err, os.ErrPermission):
		program, _ := os.Executable()
		return "it needs root or CAP_NET_RAW: sudo setcap cap_net_raw+ep " + cmp.Or(program, "socktrace")
	case errors.Is(err, pcap.ErrNoInterface):
		return "there are " + strings.Join(interfaces(), ", ")
	case errors.Is(err, errors.ErrUnsupported):
		return fmt.Sprintf("tcpdump -i %s -U -w - tcp%s | socktrace read -", name, onPort(" port %d", port))
	}
	return ""
}

// onPort returns what format makes of a port; nothing if it is 0.
func onPort(format string, port uint16) string {
	if port == 0 {
		return ""
	}
	return fmt.Sprintf(format, port)
}

// interfaces names what can be captured.
func interfaces() []string {
	names := []string{pcap.AnyInterface}
	all, _ := net.Interfaces() // without them, only any is known
	for _, i := range all {
		names = append(names, i.Name)
	}
	return names
}
