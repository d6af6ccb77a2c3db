package otlp

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Resource returns the attributes of what everything is about: this program, on a host; and
// what the variables of OpenTelemetry say of it. instance tells apart what runs on one host. An error says that OTEL_RESOURCE_ATTRIBUTES
// cannot be read; nothing of that is in them then.
func Resource(host, instance, version string, getenv func(string) string) (all [][2]string, err error) {
	set := func(key, value string) {
		i := slices.IndexFunc(all, func(a [2]string) bool { return a[0] == key })
		switch {
		case value == "":
		case i >= 0:
			all[i][1] = value
		default:
			all = append(all, [2]string{key, value})
		}
	}
	set("service.name", "socktrace")
	set("service.version", version)
	set("service.instance.id", instance)
	set("host.name", host)
	given, err := pairs(getenv("OTEL_RESOURCE_ATTRIBUTES"))
	if err != nil {
		err = fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	for _, a := range given {
		set(a[0], a[1])
	}
	set("service.name", getenv("OTEL_SERVICE_NAME"))
	return all, err
}

// pairs reads a list such as "a=b,c=d%20e" (W3C Baggage, without properties).
func pairs(list string) (all [][2]string, err error) {
	for member := range strings.SplitSeq(list, ",") {
		if strings.TrimSpace(member) == "" {
			continue
		}
		key, value, ok := strings.Cut(member, "=")
		key = strings.TrimSpace(key)
		if !ok || key == "" {
			return nil, errors.New("not a list such as key=value,other=value")
		}
		if value, err = url.PathUnescape(strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("the value of %q is not percent-encoded", key)
		}
		all = append(all, [2]string{key, value})
	}
	return all, nil
}
