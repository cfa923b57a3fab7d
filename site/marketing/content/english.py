"""The words of the main pages in English."""

from typing import Any

HOME: dict[str, Any] = {
    "title": "ThermoGestion",
    "seo_title": "ThermoGestion, software for powder-coating workshops",
    "search_description": (
        "Quotes priced to the gram of powder, online signature, every part followed step by step, a final report: the "
        "software of powder-coating workshops. Free trial, no payment card."
    ),
    "eyebrow": "Software for powder-coating workshops",
    "hero_title": "From quote to oven, nothing written twice.",
    "hero_text": (
        "Price the job in front of the customer, have it signed on a phone, follow each part until inspection. "
        "One entry, from the first measurement to the final report."
    ),
    "body": [
        ("benefits", {
            "title": "A day in the workshop, from the first call to the last part",
            "introduction": "Four moments where time is lost today, and what changes.",
            "items": [
                {"icon": "document-text", "title": "The quote is made with the customer", "text": (
                    "Dimensions, powder, coats, labour: area, consumption and price are worked out as you type.")},
                {"icon": "pencil-square", "title": "They sign on their phone", "text": (
                    "A link, the document, a finger. The proof is sealed with the exact PDF that was read.")},
                {"icon": "fire", "title": "Each part is at its step", "text": (
                    "Reception, blasting, powdering, curing, inspection: operators validate, the office sees.")},
                {"icon": "clipboard-document-check", "title": "Parts leave with their report", "text": (
                    "Powder, coats, temperature, time, checks and names: the customer has proof of the work.")},
            ],
        }),
        ("showcase", {
            "title": "In the morning, everything is sorted",
            "introduction": "What is urgent first, what waits for a signature, what is ready to leave.",
            "screen": "day", "description": "The workshop's home page (the interface is shown in French)",
        }),
        ("reasons", {
            "title": "Why ThermoGestion?", "introduction": "Because generic invoicing software knows nothing of "
                "your oven.",
            "sunken": True,
            "items": [
                {"title": "It speaks your trade", "text": (
                    "Faces, primer, clear coat, grams per square metre, part temperature: the words are the "
                    "workshop's.")},
                {"title": "Nothing is copied out", "text": (
                    "The accepted quote becomes the project, its lines become the parts, the steps become the "
                    "report.")},
                {"title": "Everybody sees what they need", "text": (
                    "Operators see parts and instructions, not prices. Every action is signed and dated.")},
                {"title": "Your data stays yours", "text": (
                    "Import from a spreadsheet, export whenever you like. No other workshop can see your data.")},
            ],
        }),
        ("plans", {"title": "One price per workshop, not per person", "introduction": "Everything is open during "
            "the trial."}),
        ("trial_call", {"title": "Try it with your own quotes", "text": (
            "Every feature, no payment card. When the trial ends, nothing is erased and nothing is charged.")}),
    ],
}  # fmt: skip

FEATURES: dict[str, Any] = {
    "title": "Features",
    "seo_title": "Features of ThermoGestion, powder-coating software",
    "search_description": (
        "Quotes priced to the gram of powder, online signature, production steps, final report, powders, customers, "
        "customer space, team: what ThermoGestion does in a powder-coating workshop."
    ),
    "eyebrow": "Features",
    "hero_title": "Everything a workshop writes, once.",
    "hero_text": (
        "What the software does today, screen by screen. The pictures are real screens, in French, with the data of a "
        "demonstration workshop."
    ),
    "body": [
        ("feature", {
            "icon": "document-text", "anchor": "quotes", "screen": "quote",
            "title": "Quotes: the price follows what you type",
            "text": "Plate, tube, box or plain area, powder, coats, primer, clear coat: area, grams of powder and "
                "price at once.",
            "points": ["Area worked out from the dimensions, or typed directly",
                       "Labour, fixed prices, margins, discount and VAT by line",
                       "The powder's price on the day of the quote", "Copies, new versions, refusals"],
            "description": "A quote being written: parts, powder, area, consumption and total",
        }),
        ("feature", {
            "icon": "pencil-square", "anchor": "signature", "screen": "signature",
            "title": "Signed online, on the customer's phone",
            "text": "A link, the document, a signature by finger or keyboard, sealed with the PDF's fingerprint.",
            "points": ["No password: the link opens once", "A certificate joined to the PDF",
                       "The signature opens the project"],
            "description": "A quote to sign on a phone",
        }),
        ("feature", {
            "icon": "queue-list", "anchor": "projects", "screen": "project",
            "title": "Projects: each part is at its step",
            "text": "Your own workflows and checks, validated in order by those who may.",
            "points": ["Who, when, which remark: each validation is signed", "Priorities, promised dates, delays",
                       "A message when parts are ready, then the final report"],
            "description": "A project in the workshop, its curve of steps and the step to validate",
        }),
        ("feature", {
            "icon": "device-tablet", "anchor": "workshop", "screen": "floor",
            "title": "Workshop mode: a tablet that works without network",
            "text": "Large keys for gloves, light or dark, no price on the screen. Without network the work goes on: "
                "everything leaves when the signal returns, once.",
            "points": ["Scan, photograph, validate: three gestures a step",
                       "What waits to be sent is visible, with the reason of a refusal",
                       "A shared tablet, a code for each operator, an automatic lock"],
            "description": "The day of the workshop on a tablet, with the projects and their steps",
        }),
        ("feature", {
            "icon": "camera", "anchor": "quality", "screen": "board",
            "title": "Labels, photos, quality: what happened can be seen",
            "text": "Each part has a short number with a check character. Photos follow it, annotated and unchanged. A "
                "defect sends the project back to a step, and both passes stay in its history.",
            "points": ["Labels for rolls and A4 sheets, read by camera, scanner or phone",
                       "Before and after, side by side, and in the final report",
                       "Defects, causes and their figures by powder and finish"],
            "description": "The board of projects, one column for each step",
        }),
        ("feature", {
            "icon": "swatch", "anchor": "powders", "screen": "powders",
            "title": "Powders: the right reference, finish and price",
            "text": "Brand, type, finish, curing, yield, packaging; the RAL Classic chart is there from day one.",
            "points": ["Dated prices", "Grams per square metre and thickness", "Import from a spreadsheet"],
            "description": "The workshop's powders with their colour and finish",
        }),
        ("feature", {
            "icon": "rectangle-stack", "anchor": "batches", "screen": "batches",
            "title": "Batches: never two powders in one load",
            "text": "Two parts go together only when everything is the same: reference, type, finish, coats, primer, "
                "clear coat, curing. The RAL alone is never enough.",
            "points": ["Recommended batches, the most urgent first, with the powder they need and what is left",
                       "A refusal says what differs, with both values",
                       "Launching or closing a batch moves all its projects, or none"],
            "description": "Recommended batches: parts of one powder, one finish and one curing",
        }),
        ("feature", {
            "icon": "scale", "anchor": "stock", "screen": "stock",
            "title": "Stock on the scale: right without an inventory day",
            "text": "Put the box down, type the weight: the stock is up to date. Three powders a day are enough for "
                "none to be forgotten.",
            "points": ["An unlikely weight is questioned before it is believed",
                       "Planned and weighed consumption compared, a reliability for each powder",
                       "Day of run-out, quantities to order in whole boxes"],
            "description": "The stock of powders: levels, consumption, what to order",
        }),
        ("feature", {
            "icon": "fire", "anchor": "ovens", "screen": "",
            "title": "Ovens: fuller loads, in the right order",
            "text": "From the sizes of the oven and of the parts, a plan says what to hang where, in which load and at "
                "what time, with promised dates and changes of colour in mind.",
            "points": ["Each plan is checked by rules written apart before it is kept",
                       "Pieces are moved by hand, and a mistake shows at once",
                       "The gain against first come, first served, in loads, hours and euros"],
            "description": "",
        }),
        ("feature", {
            "icon": "device-phone-mobile", "anchor": "customers", "screen": "portal",
            "title": "The customer's space: the answer before the call",
            "text": "Quotes to sign, the step of their parts and their documents, in your colours.",
            "points": ["Opened by a link, without an account", "Live progress, final report, signed quotes"],
            "description": "A customer's space on a phone",
        }),
        ("comparison", {"title": "The plans, line by line", "introduction": "As the catalogue says today."}),
        ("trial_call", {"title": "Your own quote says it best", "text": "Open your workshop and price a real "
            "request."}),
    ],
}  # fmt: skip

PRICING: dict[str, Any] = {
    "title": "Prices",
    "seo_title": "Prices of ThermoGestion",
    "search_description": (
        "The plans of ThermoGestion, the software of powder-coating workshops: price per month, features included, "
        "free "
        "trial without a payment card."
    ),
    "introduction": "One price per workshop, not per person: your whole team works with you.",
    "body": [
        ("faq", {
            "title": "Questions about prices", "introduction": "",
            "items": [
                {"title": "What happens when the trial ends?", "text": (
                    "Nothing is charged: no card was asked for. Your workshop becomes read-only, your data can be "
                        "read and "
                    "exported, and you choose a plan when you like.")},
                {"title": "Are prices before tax?", "text": (
                    "Yes, in euros. French VAT is added; a business of another EU country with a valid VAT number "
                    "accounts for it itself.")},
                {"title": "Can I change plans, or stop?", "text": (
                    "Both, from your settings. A subscription runs by the month and stops at the end of the month "
                    "paid.")},
            ],
        }),
    ],
}  # fmt: skip

SIGNUP: dict[str, Any] = {
    "title": "Open your workshop",
    "seo_title": "Free trial of ThermoGestion",
    "search_description": "Open your powder-coating workshop on ThermoGestion: every feature, no payment card.",
    "introduction": "Every feature, no payment card. Confirm an e-mail address and you are in.",
}

ABOUT: dict[str, Any] = {
    "title": "About",
    "seo_title": "About ThermoGestion",
    "search_description": "Why ThermoGestion exists, what we want for powder-coating workshops and how to reach us.",
    "eyebrow": "About",
    "hero_title": "Software born in front of an oven.",
    "hero_text": (
        "ThermoGestion is written for one trade: bare parts come in, coated parts go out, and anyone can say at "
        "any moment "
        "where they are."
    ),
    "body": [
        ("passage", {"text": (
            "<h2>Where we start from</h2><p>A powder-coating workshop lives with a notebook, a spreadsheet of prices, "
            "invoicing software made for others and a good deal of memory. The same gate is written down five "
            "times. What "
            "is measured once should serve until the final report.</p>"
            "<h2>What we hold to</h2><p>No invented testimonial, no inflated counter: this site describes what "
            "works. Your "
            "data can be exported whenever you like. Prices are public, the trial asks for no card.</p>"
            "<h2>Reach us</h2><p><a href=\"/contact/\">Write to us</a>; the company's identity is in the "
            "<a href=\"/mentions-legales/\">legal notice</a> (in French).</p>"
        )}),
        ("trial_call", {"title": "Judge for yourself", "text": "Every feature, no payment card."}),
    ],
}  # fmt: skip

STORIES: dict[str, Any] = {
    "title": "Stories",
    "seo_title": "Stories of powder-coating workshops",
    "search_description": "What workshops say about ThermoGestion, in their own words and with their agreement.",
    "introduction": (
        "We publish real stories only, with their author's agreement in writing and results that they measured "
        "themselves."
    ),
    "body": [
        ("journey", {
            "title": "How a true story is told", "introduction": "",
            "items": [
                {"title": "You write a few lines", "text": "What changed, what you measured, what is still missing."},
                {"title": "We call you back", "text": "Twenty minutes on the phone, then a text that you correct."},
                {"title": "You give your agreement", "text": (
                    "In writing, with or without your logo. Nothing is shown without it.")},
                {"title": "You stay in charge", "text": "One message is enough for your story to be taken down."},
            ],
        }),
    ],
}  # fmt: skip
