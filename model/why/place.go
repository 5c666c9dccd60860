package why

import (
	"tenantry/model"
	"tenantry/model/said"
)

// Place is what a cause may be shared by: the host that sources can't get
// through to, the proxy or the name server on the way; for all else the object
// the cause names.
func Place(s *model.Store, c *model.Cause) model.Ref {
	k, ok := c.Ref().Key()
	if !ok || k.Kind.Role() != model.RoleSource {
		return c.Ref()
	}
	o := s.Get(k)
	if o == nil {
		return c.Ref()
	}
	d, ok := o.Detail.(*model.Source)
	what, known := said.Read(c.Message)
	if !ok || !known || d.URL == "" {
		return c.Ref()
	}
	switch what.Fault {
	case said.ProxyFault:
		return model.Ref{Kind: "Proxy", Name: what.Host}
	case said.LookupUnanswered:
		return model.Ref{Kind: "DNS", Name: "of the cluster"}
	case said.HostUnresolved, said.ConnectionRefused, said.NoAnswer, said.CertificateUnknown, said.TLSFault, said.HostKeyChanged:
		if host := model.HostOf(d.URL); host != "" {
			return model.Ref{Kind: "Host", Name: host}
		}
	}
	return c.Ref()
}
