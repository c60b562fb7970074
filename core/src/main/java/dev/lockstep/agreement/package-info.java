/// How far people agree who labelled the same things: boxes matched to one another, kappas, alpha,
/// models of who errs how, and exact bounds of shares.
///
/// Entry types: [dev.lockstep.agreement.AgreementStudy] for label sets,
/// [dev.lockstep.agreement.Ratings] for answers of any kind. Rules about annotators live in
/// `check.annotator`.
@NullMarked
package dev.lockstep.agreement;

import org.jspecify.annotations.NullMarked;
