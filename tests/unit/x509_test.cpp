// Certificates, revocation lists, OCSP responses and keys that openssl 3.0 made: what is read of them, and that it
// builds the same octets.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/unit/asn1_packets.hpp"

namespace framewright::tests {

namespace {

Bytes file(const std::string& name) {
    std::ifstream in(std::string(FRAMEWRIGHT_SOURCE_DIRECTORY "/tests/unit/data/asn1/") + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST(X509, CertificateOfAServer) {
    const Bytes bytes = file("server_certificate.der");
    EXPECT_EQ(read_as("X509_Cert", bytes), "X509_Cert");
    const model::Layer layer = dissect("X509_Cert", bytes).front().layer;
    EXPECT_EQ(shown_at(layer, "tbsCertificate", "version"), "v3");
    EXPECT_EQ(shown_at(layer, "tbsCertificate", "serialNumber"), "0x123456789abcdef0123456789abcdef0");
    EXPECT_EQ(shown_at(layer, "tbsCertificate.signature", "algorithm"), "ecdsa-with-SHA256");
    EXPECT_EQ(shown_at(layer, "tbsCertificate.subjectPublicKeyInfo.signatureAlgorithm", "algorithm"), "rsaEncryption");
    EXPECT_EQ(shown_at(layer, "tbsCertificate.subjectPublicKeyInfo.subjectPublicKey", "publicExponent"), "65537");
    const std::string text = expression_of(dissect("X509_Cert", bytes));
    for (const char* const part :
         {"X509_ExtBasicConstraints(pathLenConstraint=None)", "X509_ExtKeyUsage(keyUsage='101')",
          "ASN1P_OID(oid='1.3.6.1.5.5.7.3.2')", "X509_DNSName(dNSName=b'www.example.org')",
          "X509_IPAddress(iPAddress=b'\\xc0\\x00\\x02\\x01')", "X509_RFC822Name(rfc822Name=b'a@example.org')",
          "X509_RegisteredID(registeredID='1.2.3.4')", "X509_ExtCRLDistributionPoints(", "X509_ExtFullName(",
          "X509_ExtAuthInfoAccess(", "X509_ExtUserNotice(", "X509_ExtNameConstraints(",
          "X509_ExtPolicyConstraints(requireExplicitPolicy=3", "X509_ExtInhibitAnyPolicy(skipCerts=2)",
          "X509_ExtDefault(value=('UTF8_STRING', b'hello'))", "ECDSASignature("}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
    }
}

TEST(X509, WhateverOpensslMakes) {
    EXPECT_EQ(read_as("X509_Cert", file("ca_certificate.der")), "X509_Cert");
    EXPECT_EQ(read_as("X509_CRL", file("revocation_list.der")), "X509_CRL");
    EXPECT_EQ(read_as("OCSP_Response", file("ocsp_response.der")), "OCSP_Response");
    EXPECT_EQ(read_as("RSAPrivateKey", file("rsa_private_key.der")), "RSAPrivateKey");
    EXPECT_EQ(read_as("RSAPrivateKey_OpenSSL", file("pkcs8_private_key.der")), "RSAPrivateKey_OpenSSL");
    EXPECT_EQ(read_as("ECDSAPrivateKey", file("ec_private_key.der")), "ECDSAPrivateKey");
    const std::string revoked = expression_of(dissect("X509_CRL", file("revocation_list.der")));
    EXPECT_NE(revoked.find("X509_ExtReasonCode(cRLReason=1)"), std::string::npos) << revoked;
    EXPECT_NE(revoked.find("X509_ExtIssuingDistributionPoint("), std::string::npos) << revoked;
    const std::string status = expression_of(dissect("OCSP_Response", file("ocsp_response.der")));
    EXPECT_NE(status.find("OCSP_RevokedInfo("), std::string::npos) << status;
}

TEST(X509, CertificateThatIsCutShortIsNone) {
    const Bytes bytes = file("ca_certificate.der");
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_THROW(dissect("X509_Cert", ByteView(bytes).first(size)), fields::DecodeError) << size;
    }
}

TEST(X509, CertificateWithAnyOctetChangedIsBuiltAgain) {
    const Bytes bytes = file("ca_certificate.der");
    for (std::size_t place = 0; place < bytes.size(); ++place) {
        Bytes changed = bytes;
        changed[place] = static_cast<std::uint8_t>(changed[place] ^ 0x81U);
        std::vector<packet::DissectedLayer> layers;
        try {
            layers = dissect("X509_Cert", changed);
        } catch (const fields::DecodeError&) {
            continue;
        }
        const std::string text = expression_of(layers);
        EXPECT_EQ(hex(build(text)), hex(changed)) << place << ": " << text;
    }
}

}  // namespace framewright::tests
