"""A quote from draft to project, in the services."""

from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from app.audit.models import AuditEntry
from app.crm.models import CustomerLink
from app.documents.constants import STEP_WORDS
from app.documents.journal import is_intact
from app.documents.models import Signature
from app.documents.services import SignatureData
from app.files.selectors import get_file
from app.files.services import read_file, store_file
from app.kernel.errors import RuleError
from app.notify.kinds import KINDS
from app.notify.models import WorkshopEmail
from app.notify.rendering import Words
from app.notify.services.templates import save_template
from app.portal.services import send_link_to, sign_quote
from app.projects.emails import mail_ready
from app.projects.models import Project, Step
from app.quotes.models import Quote
from app.quotes.pdf import quote_pdf
from app.quotes.services.answering import finish_signature, refuse_quote
from app.quotes.services.drafting import delete_draft, duplicate_quote, new_version, save_draft
from app.quotes.services.sending import finish_sending, send_quote
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories


def drawing() -> bytes:
    image = Image.new("RGBA", (400, 150), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(10, 100), (120, 20), (220, 120), (380, 40)], fill=(0, 0, 0, 255), width=5)
    output = BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


def data(**changes: object) -> SignatureData:
    return SignatureData(
        **{"name": "Camille Lefèvre", "method": "drawn", "image": drawing(), "consent": "J'accepte", **changes}
    )  # type: ignore[arg-type]


@pytest.mark.spec("QUO-06", "QUO-15")
def test_a_draft_is_priced_to_the_cent_and_has_no_number(in_scope: Workshop) -> None:
    quote = factories.quote(in_scope)
    line = quote.lines.get()
    # 2 parts of 3 m², 1 coat at 100 g/m², 20 €/kg: 0.6 kg, 12 €, +30 % = 15.60; 60 min at 45 €/h, +20 % = 54.
    assert line.powder_kg == Decimal("0.600")
    assert line.total_excl_tax == Decimal("69.60")
    assert (quote.total_excl_tax, quote.total_tax, quote.total_incl_tax) == (
        Decimal("69.60"),
        Decimal("13.92"),
        Decimal("83.52"),
    )
    assert quote.number is None


@pytest.mark.spec("QUO-08", "QUO-10", "QUO-07", "ACC-01", "EML-41", "EML-42")
def test_sending_numbers_freezes_and_mails_once(in_scope: Workshop, sent: Quote, actor: Actor) -> None:
    assert sent.number and sent.number.endswith("-0001")
    finish_sending(workshop=in_scope, quote_pk=sent.pk)
    mail = WorkshopEmail.objects.get()
    assert mail.kind == "quote_new_customer"
    assert mail.to == sent.customer.email
    assert [attachment["name"] for attachment in mail.attachments] == [f"devis-{sent.number}.pdf"]
    with pytest.raises(RuleError):
        save_draft(workshop=in_scope, actor=actor, quote=sent, lines=list(sent.lines.all()))
    again = send_quote(workshop=in_scope, actor=actor, quote=factories.quote(in_scope, customer=sent.customer))
    finish_sending(workshop=in_scope, quote_pk=again.pk)
    assert WorkshopEmail.objects.order_by("pk").last().kind == "quote_existing_customer"
    assert again.number.endswith("-0002")


@pytest.mark.spec("TPL-07")
def test_the_pdf_embeds_its_fonts_and_has_selectable_text(in_scope: Workshop, sent: Quote) -> None:
    content = read_file(sent.pdf_file_id)
    with pikepdf.open(BytesIO(content)) as pdf:
        fonts = pdf.pages[0].Resources.Font
        for font in fonts.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))


@pytest.mark.spec("SIG-01", "SIG-05", "SIG-07", "SIG-08", "SIG-10", "QUO-09", "EML-44")
def test_signing_accepts_once_and_makes_one_project(in_scope: Workshop, sent: Quote, actor: Actor) -> None:
    project = sign_quote(workshop=in_scope, actor=actor, quote=sent, data=data())
    with pytest.raises(RuleError):
        sign_quote(workshop=in_scope, actor=actor, quote=sent, data=data())
    signature = Signature.objects.get()
    assert signature.document_sha256 == sent.pdf_sha256
    assert is_intact(signature.journal)
    assert Project.objects.get() == project
    part = project.parts.get()
    line = sent.lines.get()
    assert (part.powder, part.coats, part.curing_celsius) == (line.powder, line.coats, line.curing_celsius)
    assert Step.objects.filter(project=project).count() == 6
    for _ in range(2):
        finish_signature(workshop=in_scope, quote_pk=sent.pk, signature=signature)
    assert WorkshopEmail.objects.filter(kind="signed_copy").count() == 2
    sent.refresh_from_db()
    assert get_file(signature.image_file_id).storage_key.startswith(f"w{in_scope.pk}/")
    with pikepdf.open(BytesIO(read_file(sent.signed_file_id))) as pdf:
        assert len(pdf.pages[-1].images) == 1
        (original,) = pdf.attachments.values()
        assert original.get_file().read_bytes() == read_file(sent.pdf_file_id)
    assert AuditEntry.objects.filter(action="quote.signed").count() == 1


@pytest.mark.spec("SIG-01", "SIG-02")
@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"consent": ""}, {"image": b"%PDF-1.4"}, {"image": b""}],
    ids=["no name", "no consent", "not an image", "empty"],
)
def test_a_signature_that_lacks_something_changes_nothing(
    in_scope: Workshop, sent: Quote, actor: Actor, wrong: dict[str, object]
) -> None:
    with pytest.raises(RuleError):
        sign_quote(workshop=in_scope, actor=actor, quote=sent, data=data(**wrong))
    sent.refresh_from_db()
    assert sent.status == "envoyé"
    assert not Signature.objects.exists()
    assert not Project.objects.exists()


@pytest.mark.spec("SIG-02")
def test_a_typed_name_is_a_signature(in_scope: Workshop, sent: Quote, actor: Actor) -> None:
    sign_quote(workshop=in_scope, actor=actor, quote=sent, data=data(method="typed", image=b""))
    image = Image.open(BytesIO(read_file(Signature.objects.get().image_file_id)))
    assert image.size == (900, 300)


@pytest.mark.spec("QUO-12")
def test_an_expired_quote_cannot_be_signed_and_is_renewed_as_a_version(
    in_scope: Workshop, sent: Quote, actor: Actor
) -> None:
    Quote.objects.filter(pk=sent.pk).update(valid_until="2020-01-01")
    with pytest.raises(RuleError, match="expir"):
        sign_quote(workshop=in_scope, actor=actor, quote=sent, data=data())
    version = new_version(workshop=in_scope, actor=actor, quote=sent)
    assert version.is_draft
    assert version.replaces == sent
    with pytest.raises(RuleError):
        new_version(workshop=in_scope, actor=actor, quote=sent)


@pytest.mark.spec("QUO-11", "QUO-07", "SIG-03")
def test_copying_deleting_and_refusing(in_scope: Workshop, sent: Quote, actor: Actor) -> None:
    copy = duplicate_quote(workshop=in_scope, actor=actor, quote=sent)
    assert (copy.number, copy.total_incl_tax) == (None, sent.total_incl_tax)
    delete_draft(workshop=in_scope, actor=actor, quote=copy)
    with pytest.raises(RuleError):
        delete_draft(workshop=in_scope, actor=actor, quote=sent)
    with pytest.raises(RuleError):
        refuse_quote(workshop=in_scope, actor=actor, quote=sent, reason=" ")
    refused = refuse_quote(workshop=in_scope, actor=actor, quote=sent, reason="Trop cher")
    assert (refused.status, refused.refusal_reason) == ("refusé", "Trop cher")


@pytest.mark.spec("TPL-07")
def test_the_document_carries_the_workshop_s_logo(in_scope: Workshop, actor: Actor) -> None:
    logo = store_file(
        workshop=in_scope, actor=actor, name="logo.png", content=drawing(), kind="logo", content_type="image/png"
    )
    quote = factories.quote(in_scope)
    for logo_file_id, pictures in ((None, 0), (logo.public_id, 1), (uuid4(), 0)):
        in_scope.logo_file_id = logo_file_id
        with pikepdf.open(BytesIO(quote_pdf(in_scope, quote))) as pdf:
            assert len(pdf.pages[0].images) == pictures


@pytest.mark.spec("SIG-01", "SIG-05")
def test_the_certificate_names_its_document_and_its_steps_in_words(
    in_scope: Workshop, actor: Actor, sent: Quote
) -> None:
    sign_quote(workshop=in_scope, actor=actor, quote=sent, data=data())
    finish_signature(workshop=in_scope, quote_pk=sent.pk, signature=Signature.objects.get())
    sent.refresh_from_db()
    pages = pypdfium2.PdfDocument(read_file(sent.signed_file_id))
    text = " ".join(pages[len(pages) - 1].get_textpage().get_text_bounded().split())
    assert f"devis-{sent.number}.pdf" in text
    assert (len(pages), "2 / 2" in text) == (2, True)
    assert [str(words) in text for words in STEP_WORDS.values()] == [
        False,
        True,
        True,
    ]  # it was not opened in the space
    assert "consent given" not in text


@pytest.mark.spec("NOT-10", "EML-41", "EML-44", "EML-46")
def test_a_customer_who_reads_english_is_written_to_in_english_subject_included(
    in_scope: Workshop, actor: Actor
) -> None:
    customer = factories.customer(in_scope, language="en")
    quote = send_quote(workshop=in_scope, actor=actor, quote=factories.quote(in_scope, customer=customer))
    finish_sending(workshop=in_scope, quote_pk=quote.pk)
    quote.refresh_from_db()
    project = sign_quote(workshop=in_scope, actor=actor, quote=quote, data=data())
    finish_signature(workshop=in_scope, quote_pk=quote.pk, signature=Signature.objects.get())
    mail_ready(workshop=in_scope, project=project, report=None)
    send_link_to(workshop=in_scope, customer=customer, path="/")
    mails = WorkshopEmail.objects.filter(to=customer.email).order_by("pk")
    assert [mail.subject for mail in mails] == [
        f"Your quote {quote.number} from {in_scope.name}",
        f"Your signed quote {quote.number}",
        f"Your parts are ready at {in_scope.name}",
        f"Your link to {in_scope.name}",
    ]
    assert "€83.52" in mails[0].text and 'lang="en"' in mails[0].html
    assert "follows: you will find it" in mails[2].text
    to_workshop = WorkshopEmail.objects.get(kind="signed_copy", to=in_scope.email)
    assert to_workshop.subject == f"Votre devis {quote.number} signé"


@pytest.mark.spec("SIG-05", "EML-44", "ACT-07")
def test_the_workshop_s_copy_does_not_open_the_customer_s_space(in_scope: Workshop, sent: Quote, actor: Actor) -> None:
    sign_quote(workshop=in_scope, actor=actor, quote=sent, data=data())
    links = CustomerLink.objects.count()
    finish_signature(workshop=in_scope, quote_pk=sent.pk, signature=Signature.objects.get())
    copies = {email.to: email.text for email in WorkshopEmail.objects.filter(kind="signed_copy")}
    assert CustomerLink.objects.count() == links + 1
    assert "/espace/" in copies[sent.customer.email]
    assert "/espace/" not in copies[in_scope.email]
    assert f"/app/{in_scope.slug}/devis/{sent.pk}/" in copies[in_scope.email]


@pytest.mark.spec("NOT-04", "NOT-10")
def test_the_words_of_a_workshop_leave_whole_as_it_wrote_them(in_scope: Workshop, actor: Actor) -> None:
    words = Words("Devis {numero_devis}", "Bonjour, votre devis de {montant}.")
    save_template(workshop=in_scope, actor=actor, kind=KINDS["quote_new_customer"], words=words)
    customer = factories.customer(in_scope, language="en")
    quote = send_quote(workshop=in_scope, actor=actor, quote=factories.quote(in_scope, customer=customer))
    finish_sending(workshop=in_scope, quote_pk=quote.pk)
    mail = WorkshopEmail.objects.get(to=customer.email)
    assert mail.subject == f"Devis {quote.number}" and 'lang="fr"' in mail.html
    assert "83,52" in mail.text and "Create my space" not in mail.text
